// An SMTP server that accepts every mail and keeps it, for steps that follow a link of a mail.
import { createServer } from 'node:net';

/** Undoes the transfer encoding of each part, so that links can be found in the text. */
function readable(raw) {
  return raw
    .split(/(?=^content-type:)/im)
    .map((part) => {
      const encoding = /^content-transfer-encoding:\s*(\S+)/im.exec(part)?.[1]?.toLowerCase();
      const [head, ...body] = part.split('\r\n\r\n');
      const text = body.join('\r\n\r\n');
      if (encoding === 'base64') return `${head}\n\n${Buffer.from(text.split(/^--/m)[0], 'base64').toString('utf8')}`;
      if (encoding !== 'quoted-printable') return part;
      const bytes = text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
      return `${head}\n\n${Buffer.from(bytes, 'latin1').toString('utf8')}`;
    })
    .join('\n');
}

/** Gives the port of the sink, the way to wait for a mail to an address, and the way to stop it. */
export async function openMailSink() {
  const mails = [];
  const waiting = new Set();
  const server = createServer((socket) => {
    let recipients = [];
    let lines = null;
    let buffer = '';
    const say = (text) => socket.write(`${text}\r\n`);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      buffer += chunk;
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        if (lines) {
          if (line !== '.') {
            lines.push(line.replace(/^\.\./, '.'));
            continue;
          }
          mails.push({ recipients, text: readable(lines.join('\r\n')) });
          lines = null;
          recipients = [];
          say('250 kept');
          for (const check of waiting) check();
          continue;
        }
        const word = line.slice(0, 4).toUpperCase();
        if (word === 'EHLO') say('250-sink\r\n250 AUTH PLAIN LOGIN');
        else if (word === 'AUTH') say(/^AUTH LOGIN$/i.test(line) ? '334 VXNlcm5hbWU6' : '235 welcome');
        else if (word === 'RCPT') {
          recipients.push(/<(.*)>/.exec(line)?.[1] ?? '');
          say('250 ok');
        } else if (word === 'DATA') {
          lines = [];
          say('354 go on');
        } else if (word === 'QUIT') {
          say('221 bye');
          socket.end();
        } else if (/^[A-Za-z0-9+/=]+$/.test(line) && !/^(MAIL|HELO|RSET|NOOP)/i.test(line)) {
          // The two lines of AUTH LOGIN.
          say(socket.named ? '235 welcome' : '334 UGFzc3dvcmQ6');
          socket.named = !socket.named;
        } else say('250 ok');
      }
    });
    say('220 sink');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));

  return {
    port: server.address().port,
    /** The text of the first mail to the address that the pattern fits; waits for it. */
    mailTo(address, pattern = /./s, timeout = 10_000) {
      return new Promise((done, fail) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          fail(new Error(`no mail to ${address} that fits ${pattern}`));
        }, timeout);
        const check = () => {
          const found = mails.find(({ recipients, text }) => recipients.includes(address) && pattern.test(text));
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(check);
          done(found.text);
        };
        waiting.add(check);
        check();
      });
    },
    stop: () => new Promise((done) => server.close(done)),
  };
}
