// A DNS server on this computer with records of the test's, for a page whose program
// must not ask the world. It answers MX, TXT and CNAME over UDP.
import { createSocket } from "node:dgram";

const types = { MX: 15, TXT: 16, CNAME: 5 };

/** records: { "office.example": { MX: [[5, "mx.new.example"]], TXT: ["v=spf1 …"] } }; may be changed while it runs. */
export async function startDns(records, ttl = 300) {
  const socket = createSocket("udp4");
  const server = { records, ttl, address: "", stop: () => new Promise((done) => socket.close(done)) };
  socket.on("message", (query, from) => {
    const { name, type, end } = question(query);
    const known = server.records[name] ?? {};
    const kind = Object.keys(types).find((t) => types[t] === type);
    const answers = (known[kind] ?? []).map((value) => record(kind, value, server.ttl));
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8580 | (name in server.records ? 0 : 3), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([header, query.subarray(12, end), ...answers]), from.port, from.address);
  });
  await new Promise((done) => socket.bind(0, "127.0.0.1", done));
  server.address = `127.0.0.1:${socket.address().port}`;
  return server;
}

function question(query) {
  const labels = [];
  let at = 12;
  while (query[at] > 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + query[at]));
    at += query[at] + 1;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function record(kind, value, ttl) {
  const data =
    kind === "MX"
      ? Buffer.concat([Buffer.from([0, value[0]]), encoded(value[1])])
      : kind === "TXT"
        ? Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])
        : encoded(value);
  const head = Buffer.from([0xc0, 12, 0, types[kind], 0, 1, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function encoded(name) {
  const parts = name
    .split(".")
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...parts, Buffer.from([0])]);
}
