"""Kinds of secrets, none of them real: how each looks, and the name that tells of it.

A line is `telling name = template`. `{a36}` in a template is 36 letters and digits, `{h32}` that
many hexadecimal digits, `{l26}` small letters and digits, `{U16}` capitals and digits, `{d12}`
digits, `{b40}` an alphabet of base64, `{uuid}` what it says: so this file holds no secret's shape.
SHAPED are known wherever they stand; PLAIN have no shape and only their name; TEXTS carry theirs.
"""

from __future__ import annotations

SHAPED = r"""
aws_access_key_id = AKIA{U16}
aws_temporary_key_id = ASIA{U16}
aws_secret_access_key = {b40}
aws_session_token = IQoJb3JpZ2luX2VjE{b120}
aws_old_session_token = FwoGZXIvYXdzE{b120}
bedrock_api_key = ABSK{b104}
bedrock_short_key = bedrock-api-key-{b80}
mws_auth_token = amzn.mws.{uuid}
lwa_client_secret = amzn1.oa2-cs.v1.{h64}
lwa_refresh_token = Atzr|{a60}
eks_token = k8s-aws-v1.{a120}
appsync_api_key = da2-{l26}
ses_smtp_password = BP{b42}
presigned_v4 = https://b.s3.amazonaws.com/k?X-Amz-Date=20260101T000000Z&X-Amz-Signature={h64}
presigned_v2 = https://b.s3.amazonaws.com/k?AWSAccessKeyId=AKIA{U16}&Expires=1700000000&Signature={a27}%3D
cloudfront_url = https://d111.cloudfront.net/k?Expires=17&Signature={a120}&Key-Pair-Id=K{U13}
jwt = eyJ{a33}.eyJ{a40}.{a43}
jwe = eyJ{a33}..{a16}.{a40}.{a22}
half_jwt = eyJ{a60}
paseto = v2.local.{a60}
pem = -----BEGIN RSA PRIVATE KEY-----\n{b64}\n{b64}\n-----END RSA PRIVATE KEY-----
pem_ec = -----BEGIN EC PRIVATE KEY-----\n{b64}\n-----END EC PRIVATE KEY-----
pem_openssh = -----BEGIN OPENSSH PRIVATE KEY-----\n{b64}\n{b20}\n-----END OPENSSH PRIVATE KEY-----
pem_encrypted = -----BEGIN ENCRYPTED PRIVATE KEY-----\n{b64}\n-----END ENCRYPTED PRIVATE KEY-----
pem_cut = -----BEGIN PRIVATE KEY-----\n{b64}
pgp = -----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{b64}\n-----END PGP PRIVATE KEY BLOCK-----
openvpn = -----BEGIN OpenVPN Static key V1-----\n{h32}\n-----END OpenVPN Static key V1-----
putty = PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 1\n{b64}\nPrivate-MAC: {h40}
ed25519_der = MC4CAQAwBQYDK2VwBCIEI{b43}
azure_storage_key = {b86}==
azure_sas = https://x.blob.core.windows.net/c?sv=2022-11-02&sp=r&sig={a43}%3D
azure_client_secret = {a3}8Q~{a34}
azure_connection_string = AccountName=x;AccountKey={b86}==;EndpointSuffix=x
service_bus = Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=r;SharedAccessKey={b43}=
github_pat = ghp_{a36}
github_oauth = gho_{a36}
github_app = ghs_{a36}
github_refresh = ghr_{a76}
github_fine_pat = github_pat_{a22}_{a59}
gitlab_pat = glpat-{a20}
gitlab_deploy = gldt-{a20}
gitlab_runner = glrt-{a20}
gitlab_old_runner = GR1348941{a20}
bitbucket = ATBB{a32}
atlassian = ATATT3xFf{a180}={U8}
confluence = ATCTT3xFf{a180}={U8}
trello = ATTA{h64}
slack_bot = xoxb-{d12}-{d12}-{a24}
slack_user = xoxp-{d12}-{d12}-{d12}-{h32}
slack_app = xapp-1-A0123456789-{d13}-{h64}
slack_config = xoxe.xoxp-1-{a160}
slack_webhook = https://hooks.slack.com/services/T{U10}/B{U10}/{a24}
slack_workflow = https://hooks.slack.com/workflows/T{U10}/A{U10}/{d18}/{a24}
teams_webhook = https://example.webhook.office.com/webhookb2/{uuid}@{uuid}/IncomingWebhook/{h32}/{uuid}
chat_webhook = https://chat.googleapis.com/v1/spaces/AAAA/messages?key={a39}&token={a43}
discord_webhook = https://discord.com/api/webhooks/{d18}/{a68}
discord_bot = M{a25}.{a6}.{a38}
telegram_bot = {d10}:AA{a33}
stripe_live = sk_live_{a24}
stripe_restricted = rk_live_{a24}
stripe_test = sk_test_{a99}
stripe_webhook = whsec_{a32}
square = sq0atp-{a22}
square_secret = sq0csp-{a43}
square_new = EAAA{a60}
facebook = EAACEdEose0cBA{a80}
paypal = access_token$production${l16}${h32}
plaid = access-production-{uuid}
razorpay = rzp_live_{a14}
flutterwave = FLWSECK-{l32}-X
easypost = EZAK{a54}
shippo = shippo_live_{h40}
mollie = live_{a30}
google_api = AIza{a35}
google_oauth = ya29.{a120}
google_secret = GOCSPX-{a28}
google_refresh = 1//0g{a60}
google_code = 4/0A{a70}
gemini = AQ.Ab{a48}
npm = npm_{a36}
pypi = pypi-AgEIcHlwaS5vcmc{a80}
rubygems = rubygems_{h48}
nuget = oy2{l43}
cargo = cio{a32}
clojars = CLOJARS_{l60}
artifactory = AKCp{a69}
artifactory_reference = cmVmdGtu{a56}
docker = dckr_pat_{a27}
docker_org = dckr_oat_{a27}
digitalocean = dop_v1_{h64}
heroku = HRKU-AA{a58}
fly = fo1_{a43}
render = rnd_{a28}
vercel = vcp_{a44}
netlify = nfp_{a36}
supabase = sbp_{h40}
supabase_new = sb_secret_{a32}
planetscale = pscale_tkn_{a43}
mongo_atlas = mdb_sa_sk_{a40}
alibaba = LTAI{a20}
yandex = AQVN{a35}
yandex_iam = t1.{a80}.{a86}
tencent = AKIDa{a31}
tailscale = tskey-auth-{a12}CNTRL-{a32}
scalingo = tk-us-{a48}
fireworks = fw_1{a23}
aiven = AVNS_{a19}
confluent = cflt{b60}
clickhouse = 4b1dA{a37}
prefect = pnu_{l36}
frameio = fio-u-{a64}
harness = pat.{a22}.{h24}.{a20}
readme = rdme_{l70}
lichess = lip_1{a19}
infisical = st.{h24}.{h32}.{h32}
cloudflare_ca = v1.0-{h24}-{h146}
vault = hvs.{a90}
vault_old = s.{a24}
terraform = {a14}.atlasv1.{a67}
doppler = dp.pt.{a43}
onepassword = ops_eyJ{a120}
onepassword_key = A3-{U6}-{U11}-{U5}-{U5}-{U5}
pulumi = pul-{h40}
age = AGE-SECRET-KEY-1{U58}
newrelic = NRAK-{U27}
newrelic_licence = {h36}NRAL
sentry = sntrys_{a60}
sentry_user = sntryu_{h64}
honeycomb = hcaik_{l58}
dynatrace = dt0c01.{U24}.{U64}
grafana = glsa_{a32}_{h8}
grafana_cloud = glc_{a60}
sourcegraph = sgp_{h40}
posthog = phx_{a43}
sonar = squ_{h40}
circleci = CCIPAT_{a22}_{h40}
buildkite = bkua_{h40}
snyk = snyk_uat.{a60}
launchdarkly = sdk-{uuid}
databricks = dapi{h32}
dbt = dbtc_{a40}
airtable = pat{a14}.{h64}
sendgrid = SG.{a22}.{a43}
twilio = SK{h32}
mailgun = key-{h32}
mailgun_new = {h32}-{h8}-{h8}
mailchimp = {h32}-us21
brevo = xkeysib-{h64}-{a16}
mailersend = mlsn.{h64}
mandrill = md-{a22}
resend = re_{a24}
shopify = shpat_{h32}
shopify_secret = shpss_{h32}
postman = PMAK-{h24}-{h34}
linear = lin_api_{a40}
notion = secret_{a43}
notion_new = ntn_{a46}
figma = figd_{a40}
dropbox = sl.{a130}
hubspot = pat-na1-{uuid}
salesforce = 00D{a12}!{a96}
typeform = tfp_{a44}
contentful = CFPAT-{a43}
intercom = dG9rO{a55}
instagram = IGQV{a120}
linkedin = WPL_AP1.{a16}
twitter = AAAAAAAAAAAAAAAAAAAAAA{a80}
openai = sk-{a48}
openai_project = sk-proj-{a60}
anthropic = sk-ant-api03-{a90}
huggingface = hf_{a34}
replicate = r8_{a37}
groq = gsk_{a52}
xai = xai-{a80}
perplexity = pplx-{a48}
pinecone = pcsk_{a60}
langsmith = lsv2_pt_{h32}_{h10}
nvidia = nvapi-{a64}
elevenlabs = sk_{h48}
bcrypt = $2b$12${a53}
sha512_crypt = $6${a16}${a86}
apache_md5 = $apr1${a8}${a22}
argon2 = $argon2id$v=19$m=65536,t=3,p=4${a22}${a43}
ldap_hash = {{SSHA}}{a32}
ntlm = aad3b435b51404eeaad3b435b51404ee:{h32}
gzip = H4sIAAAAAAAA{a60}
postgres_url = postgres://app:{a20}@db.example.com:5432/x
mysql_url = mysql://root:{a20}@192.0.2.7/x
mongodb_url = mongodb+srv://app:{a20}@c0.example.net/x?retryWrites=true
redis_url = rediss://:{a20}@cache.example.com:6379/0
amqp_url = amqps://u:{a20}@mq.example.com/v
basic_url = https://admin:{a20}@example.com/
token_url = https://{a40}@example.com/r.git
sentry_dsn = https://{h32}@o1.ingest.example.com/2
smtp_url = smtp://mailer:{a20}@smtp.example.com:587
proxy_url = http://bob:{a20}@proxy.example.com:3128
"""

# Names in the ways that people write them; what they hold has no shape.
PLAIN = r"""
password = {a12}
DB_PASSWORD = {a20}
dbPassword = {h32}
MYSQL_ROOT_PASSWORD = {a16}
PGPASSWORD = {a16}
MYSQL_PWD = {a16}
userPwd = {a16}
DB_PASS = {a16}
dbpass = {a16}
passphrase = {a24}
wpa-psk = {a20}
preSharedKey = {a32}
client_secret = {h32}
APP_SECRET = {h32}
JWT_SECRET = {a32}
SECRET_KEY_BASE = {h128}
X-Api-Key = {a32}
apikey = {h32}
DD_API_KEY = {h32}
DD_APP_KEY = {h40}
DATADOG_APPLICATION_KEY = {h40}
TWILIO_AUTH_TOKEN = {h32}
HEROKU_API_KEY = {uuid}
NEW_RELIC_LICENSE_KEY = {h40}
ALGOLIA_ADMIN_KEY = {h32}
SEGMENT_WRITE_KEY = {a32}
FCM_SERVER_KEY = {a40}
SPLUNK_HEC_TOKEN = {uuid}
consumerKey = {a25}
consumer_secret = {a50}
oauth_token = {a50}
refresh-token = {a40}
id_token = {a40}
csrfToken = {h32}
access_code = {d12}
verificationCode = {a8}
confirmation_code = {a8}
mfaCode = {d8}
one-time-otp = {d8}
user_pin = {d8}
securityCode = {d8}
ENCRYPTION_KEY = {h64}
MASTER_KEY = {h32}
signing_key = {h64}
SESSION_KEY = {h64}
private_key = {h64}
ACCOUNT_KEY = {a44}
sharedAccessKey = {a44}
connectionString = {a40}
communityString = {a12}
keystorePass = {a12}
storepass = {a12}
requirepass = {a12}
mnemonic = {l60}
recovery_code = {a16}
backup_code = {a16}
sshKey = {a60}
deploy_key = {a60}
webhook_url = https://example.com/hook/{a24}
credential = {a24}
JSESSIONID = {U32}
PHPSESSID = {l26}
samlAssertion = {a60}
authKey = {a24}
bearer_token = {a24}
activation_key = {a20}
"""

TEXTS = r"""
assigned = DB_CREDS={a20}
assigned = {"creds": "{a20}"}
header = Authorization: Bearer {a20}
header = Authorization: Basic {a24}
header = Authorization: Splunk {uuid}
header = Authorization: token {h40}
header = Authorization: GenieKey {uuid}
header = Proxy-Authorization: Basic {a24}
header = X-Api-Key: {h32}
header = X-Vault-Token: {uuid}
header = Cookie: theme=dark; session={a24}
header = Set-Cookie: sid={a24}; HttpOnly
command = curl -u admin:{a16} https://example.com
command = curl -H 'X-Auth-Token: {h32}' https://example.com
command = mysql -uroot -p{a16} shop
command = mysqldump --password={a16} shop
command = sshpass -p {a16} ssh host
command = docker login -u app -p {a20} registry.example.com
command = PGPASSWORD={a16} psql -h db.example.com
command = export DB_PASSWORD={a16}
command = export API_TOKEN='{a16}'
command = set SECRET_TOKEN={a16}
command = setx API_SECRET {a16}
command = aws configure set aws_secret_access_key {a20}
command = redis-cli -h cache -a {a16} ping
command = mongosh -u root -p {a16} --host db
command = sqlcmd -S db -U sa -P {a16} -Q x
command = ldapsearch -x -D cn=admin -w {a16} -b dc=x
command = openssl pkcs12 -in a.p12 -passin pass:{a16}
command = echo 'root:{a16}' | chpasswd
command = echo {a16} | docker login --password-stdin
command = net user bob {a16} /add
command = htpasswd -bc file bob {a16}
command = app --password {a16} --verbose
command = app --api-key={h32}
command = app -password "{a16}"
command = kubectl create secret generic db --from-literal=x={a16}
command = rabbitmqctl add_user bob {a16}
command = msdeploy /password:{a16}
command = cmdkey /add:h /user:u /pass:{a16}
sql = CREATE USER a IDENTIFIED BY '{a16}'
sql = ALTER ROLE a WITH PASSWORD '{a16}'
settings = requirepass {a16}
settings = machine example.com login bob password {a16}
settings = //registry.example.com/:_authToken={uuid}
settings = DB_HOST=db\nDB_PASSWORD={a16}\n
settings = password: {a16}
settings = <Password>{a16}</Password>
settings = <add key="DbPassword" value="{a16}"/>
settings = name: DB_PASSWORD\n    value: {a16}
settings = Key=db-password,Value={a16}
settings = ParameterKey=DbPassword,ParameterValue={a16}
settings = define('DB_PASSWORD', '{a16}');
settings = os.environ["API_TOKEN"] = "{a16}"
settings = {{"name": "DB_PASSWORD", "value": "{a16}"}}
settings = {{'password': '{a16}'}}
settings = Server=db;User Id=sa;Password={a16};
settings = $env:API_TOKEN = "{a16}"
settings = db:\n  password: |\n    {a16}\n
settings = const apiKey = `{a16}`;
settings = const apiKey: string = '{a16}';
settings = DB_PASSWORD ?= {a16}
settings = | password | {a16} |
settings = new NetworkCredential("u", "{a16}")
command = gh secret set MY_TOKEN --body {a16}
command = aws ssm put-parameter --name /x --type SecureString --value {a16}
command = lftp -u bob,{a16} ftp.example.com
command = schtasks /create /ru bob /rp {a16}
command = psexec host -u bob -p {a16} cmd
command = ssh-keygen -t rsa -N '{a16}'
command = openssl enc -aes-256-cbc -k {a16}
command = redis-cli AUTH {a16}
command = a1 LOGIN bob {a16}
command = java -Djavax.net.ssl.keyStorePassword={a16} -jar x
command = terraform apply -var 'db_password={a16}'
command = vault login {a24}
command = vault write auth/approle/login role_id=x secret_id={uuid}
"""
