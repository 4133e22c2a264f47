// The plainest program that does the job: gunzip, parse, one Slack attachment per event.
//
//   node bench/plain.mjs batches.jsonl
//
// Reads awslogs events, one a line, into memory; then each line on standard input makes one pass
// over all of them and prints its seconds of processor time. Nothing is sent.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { gunzipSync } from "node:zlib";

const batches = readFileSync(process.argv[2], "utf8").trim().split("\n").map((line) => JSON.parse(line));

function attachment(record) {
  const identity = record.userIdentity ?? {};
  const fields = {
    User: identity.userName ?? identity.arn ?? identity.type,
    Account: record.recipientAccountId,
    Region: record.awsRegion,
    Address: record.sourceIPAddress,
    Error: record.errorCode,
  };
  return {
    color: record.errorCode ? "danger" : "good",
    fallback: `${record.eventName} by ${fields.User}`,
    title: `${record.eventSource}: ${record.eventName}`,
    text: JSON.stringify(record.requestParameters),
    ts: Date.parse(record.eventTime) / 1000,
    fields: Object.entries(fields)
      .filter(([, value]) => value)
      .map(([title, value]) => ({ title, value, short: true })),
  };
}

function payloads(event) {
  const batch = JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, "base64")).toString("utf8"));
  return batch.logEvents.map(({ message }) =>
    JSON.stringify({ channel: "#trail", attachments: [attachment(JSON.parse(message))] }));
}

for await (const _ of createInterface({ input: process.stdin })) {
  const began = process.cpuUsage();
  let bytes = 0;
  for (const batch of batches) for (const payload of payloads(batch)) bytes += payload.length;
  if (bytes === 0) throw new Error("no payload was made");
  const { user, system } = process.cpuUsage(began);
  console.log((user + system) / 1e6);
}
