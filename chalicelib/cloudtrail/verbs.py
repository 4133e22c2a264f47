"""The verbs of operations: how they begin names, what is said instead, and their past tenses."""

from __future__ import annotations

# A text of each verb and its past tense, as a list of pairs would be three times as long.
_IRREGULAR = """
arise=arose be=was become=became begin=began bid=bid bind=bound break=broke bring=brought
broadcast=broadcast build=built buy=bought cast=cast catch=caught choose=chose come=came cut=cut
deal=dealt dig=dug do=did draw=drew drive=drove fall=fell feed=fed feel=felt fight=fought
find=found forbid=forbade forecast=forecast foresee=foresaw forget=forgot forgive=forgave
freeze=froze get=got give=gave go=went grow=grew hand=handed hang=hung have=had hide=hid hit=hit
hold=held keep=kept know=knew lay=laid lead=led leave=left lend=lent let=let light=lit lose=lost
make=made mean=meant meet=met mistake=mistook offset=offset override=overrode overwrite=overwrote
pay=paid put=put quit=quit read=read rebind=rebound rebuild=rebuilt redo=redid redrive=redrove
rerun=reran resell=resold resend=resent reset=reset retake=retook rewind=rewound rewrite=rewrote
ride=rode ring=rang rise=rose run=ran say=said see=saw seek=sought sell=sold send=sent set=set
shake=shook show=showed shrink=shrank shut=shut sign=signed sink=sank sit=sat sleep=slept
slide=slid speak=spoke spend=spent spin=spun split=split spread=spread stand=stood steal=stole
stick=stuck strike=struck sweep=swept swing=swung take=took teach=taught tear=tore tell=told
think=thought throw=threw unbind=unbound understand=understood undo=undid unfreeze=unfroze
unset=unset wake=woke wear=wore win=won wind=wound withdraw=withdrew withhold=withheld write=wrote
"""
IRREGULAR = dict(pair.split("=") for pair in _IRREGULAR.split())
# Verbs of more than one syllable that double their last letter, some of them in Britain alone.
DOUBLING = frozenset({
    "abhor", "cancel", "channel", "compel", "confer", "control", "defer", "deter", "dial", "enrol",
    "equal", "format", "fulfil", "incur", "infer", "label", "level", "marshal", "model", "occur",
    "patrol", "prefer", "program", "quiz", "refer", "signal", "total", "transfer", "travel",
    "tunnel", "unlabel",
})  # fmt: skip
# One syllable that ends in a single vowel and a single letter: stop, remap, untag, submit.
# Texts, as few alerts need them: `re` keeps what it compiled.
SHORT = (
    r"(?:(?:un|re|de|pre|over|out|back|sub|com|per|ad|o|e|trans)-?)?"
    r"[bcdfghjklmnpqrstvwxyz]+(?:[aiou][bdfgklmnprtz]|e[bdglmnpt])"
)
# They look like that, but their last syllable is not the one that is stressed.
NOT_STRESSED = frozenset({"edit", "open", "reopen", "limit", "visit", "exit", "target", "even"})
# What an operation's name may have before its verb, and a sentence has no need of.
BEFORE_VERBS = ("batch", "bulk", "admin", "global")
# Verbs that operations begin with, and what a sentence says instead where that reads better.
SAID_OTHERWISE = {
    "describe": "look at",
    "get": "read",
    "put": "set",
    "modify": "change",
    "update": "change",
    "lookup": "look up",
    "head": "check",
    "failover": "fail over",
    "login": "log in",
    "logout": "log out",
    "shutdown": "shut down",
    "setup": "set up",
    "checkout": "check out",
    "rollback": "roll back",
    "switchover": "switch over",
    "dissociate": "disassociate",
    "assume": "take",
    "untag": "remove tags from",
}
# Two words that make one verb; the others of this kind are written as one.
PHRASAL = frozenset({
    "check in", "check out", "clean up", "fail over", "log in", "log out", "look up", "opt in",
    "opt out", "roll back", "roll out", "scale down", "scale in", "scale out", "scale up", "set up",
    "shut down", "sign in", "sign out", "sign up", "switch over", "take over",
})  # fmt: skip
ORDINARY = """
abort accept acknowledge acquire activate add adjust advertise aggregate allocate allow amend
analyze annotate append apply approve archive arrange ask assign associate attach audit
authenticate authorize autocomplete backtrack begin block browse build bundle bypass calculate
cancel capture change chat check checkpoint choose claim classify clean clear clone close collect
combine commit compare compile complete compose compute configure confirm connect consume contact
continue converse convert copy correct correlate count crawl create customize deactivate
deauthorize debug decapsulate decline decode decrease decrypt define delegate delete deliver demote
deny deploy deprecate deprovision deregister derive destroy detach detect determine diagnose
disable disallow disassociate discard disconnect discover dismiss dispatch display dispose
distribute download drain drop duplicate edit embed empty enable encapsulate encrypt end enforce
engage enqueue enrich enroll ensure enter erase escalate establish estimate evaluate evict examine
exchange execute exit expand expire explain explore export expose extend federate fetch fill filter
finalize find finish fix flush forecast forget format forward freeze generate geocode grant group
halt handle hibernate hide hold identify ignore impersonate import increase index infer ingest
inherit initialize initiate inject insert inspect install integrate interrupt introspect invalidate
invite invoke isolate issue join keep kill label launch learn leave limit link list load locate
lock manage mark measure merge meter migrate monitor mount move mute normalize notify offboard
onboard open optimize orchestrate order override parse patch pause pay peer perform pin plan play
poll populate post predict prepare prevent preview prioritize probe process promote protect provide
provision prune publish pull purchase purge push quarantine query rank re-encrypt read reassign
rebalance reboot rebuild recall receive recognize recommend reconcile reconnect record recover
recreate redact redeem redrive reduce refresh regenerate register reimport reinstate reinvite
reject release reload remediate remind remove rename render renew reopen reorder repair replace
replay replicate report request require rerank rescan rescore rescue resend reserve reset resize
resolve respond restart restore restrict resubmit resume resync retire retrieve retry return reuse
reverse revert review revoke rewrite roll rotate route run sample save scale scan schedule score
seal search secure seed select send set share shrink shut sign signal silence simulate skip snap
snooze sort specify split start stop store stream submit subscribe suggest summarize support
suspend swap switch sync synchronize synthesize tag take terminate test throttle toggle trace track
train transact transcribe transfer transform translate transmit trigger trim truncate tune turn
unarchive unassign unbind unblock undeploy undeprecate ungroup uninstall unlabel unlink unlock
unmonitor unmute unpeer unpin unregister unset unshare unsubscribe unsuspend upgrade upload use
validate verify view vote wait warn watch wipe withdraw write
"""
VERBS = {verb: verb for verb in ORDINARY.split()} | SAID_OTHERWISE
