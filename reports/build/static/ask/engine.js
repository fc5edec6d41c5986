// The engine: DuckDB in a worker of its own, with the published file attached, read-only and shut off from all else.
// An answer is handed over as the texts that DuckDB writes.
const WHOLE = 1_000_000; // bytes: about what a file read by ranges takes before it answers anything
const MOST_ROWS = 50_000; // of an answer; more are not for a page
const SEMICOLON = 59;
const OPERATOR = 3; // among the kinds of the engine's tokens
const BY_RANGES = { reliableHeadRequests: true, allowFullHTTPReads: false, forceFullHTTPReads: false };
const SETTINGS = [
  "set autoload_known_extensions = false",
  "set autoinstall_known_extensions = false",
  "set enable_external_access = false",
  "set memory_limit = '2GB'",
  "set lock_configuration = true",
];
const EXTENSIONS = {
  icu: "It reckons with times that carry a zone. All times are in UTC here: cast them, as in built_at::timestamp.",
  json: "Lists and structs can be asked without it, as in value.part and list[1].",
};

const here = (path) => new URL(path, document.baseURI).href;
const isNumber = ({ type }) => /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL)\b/.test(type);
const isTime = ({ type }) => /^(DATE|TIMESTAMP)\b/.test(type);

const oneLineLess = (told) => told.replace(/^LINE (\d+): /gm, (found, line) => `LINE ${line - 1}: `.padEnd(found.length));

class Mistake extends Error {}

function script(address, type = "text/javascript") {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    Object.assign(element, { type, src: here(address) });
    element.onload = resolve;
    element.onerror = () => reject(new Mistake(`${element.src} was not found, expected a part of this site.`));
    document.head.append(element);
  });
}

// Return what a packed file holds. Some servers tell the browser to unpack it: then it comes as it was before.
async function unpacked(address, type, arrived = () => {}) {
  const response = await fetch(here(address));
  if (!response.ok) throw new Mistake(`${response.url}: HTTP ${response.status}, expected a part of this site.`);
  const parts = [];
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    arrived(value.length);
  }
  const packed = new Blob(parts, { type });
  const [first, second] = new Uint8Array(await packed.slice(0, 2).arrayBuffer());
  if (first !== 0x1f || second !== 0x8b) return packed;
  const stream = packed.stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream, { headers: { "content-type": type } }).blob();
}

// The engine asks by HEAD whether a host serves ranges, and so do we.
async function headOf(address) {
  const { status, headers } = await fetch(here(address), { method: "HEAD", headers: { Range: "bytes=0-" }, cache: "no-store" });
  return { hasRanges: status === 206, state: ["etag", "last-modified", "content-length"].map((name) => headers.get(name)).join() };
}

class Engine {
  static async start(facts, arrived) {
    const folder = facts.engine;
    const [worker, module, { AsyncDuckDB, VoidLogger, DuckDBDataProtocol }] = await Promise.all([
      unpacked(`${folder}/duckdb-worker.js.gz`, "text/javascript", arrived),
      unpacked(`${folder}/duckdb.wasm.gz`, "application/wasm", arrived),
      script(`${folder}/arrow.js`).then(() => import(here(`${folder}/duckdb.mjs`))),
    ]);
    const engine = new Engine();
    // From a blob a worker has this page's policy, which lets it ask no other host.
    engine.worker = new Worker(URL.createObjectURL(worker));
    engine.db = new AsyncDuckDB(new VoidLogger(), engine.worker);
    await engine.db.instantiate(URL.createObjectURL(module));
    await engine.db.open({ filesystem: BY_RANGES });
    await engine.attach(facts, DuckDBDataProtocol.HTTP);
    return engine;
  }

  async attach(facts, http) {
    const name = "barometer.duckdb";
    const [whole, parts] = [facts.packed, facts.database].map((path) => `${path}?${facts.version}`);
    const head = facts.packed_bytes > WHOLE ? await headOf(parts) : { hasRanges: false };
    if (head.hasRanges) {
      this.read = { address: parts, state: head.state };
      await this.db.registerFileURL(name, here(parts), http, false);
    } else {
      const file = await unpacked(whole, "application/octet-stream");
      await this.db.registerFileBuffer(name, new Uint8Array(await file.arrayBuffer()));
    }
    const connection = await this.db.connect();
    try {
      await connection.query(`attach '${name}' as barometer (read_only)`);
    } catch (error) {
      const version = await this.db.getVersion();
      throw new Mistake(
        `The published file cannot be read by the engine of this page, DuckDB ${version}: ${error.message}\n` +
          "Expected a file as DuckDB 1.0 stores, which is what Barometer publishes. Other clients may read it.",
      );
    }
    for (const setting of SETTINGS) await connection.query(setting);
    await connection.close();
  }

  // Every question has a connection of its own: what one sets, the next does not find.
  async answer(text) {
    await this.connection?.close();
    this.connection = null;
    await this.requireSameFile();
    const statements = await this.statements(text);
    if (!statements.length) throw new Mistake("There is nothing to answer: write a question in SQL.");
    this.connection = await this.db.connect();
    await this.connection.query("use barometer");
    for (const statement of statements.slice(0, -1)) await this.connection.query(statement);
    return this.rows(statements.at(-1));
  }

  // Of a file that is read in parts, some would be of the old one and some of the new.
  async requireSameFile() {
    if (this.read && (await headOf(this.read.address)).state !== this.read.state) {
      throw new Mistake("The figures were published anew since this page was opened: load it again, and the question is answered from them.");
    }
  }

  // Each with as many empty lines in front as stand before it, so that a mistake is told with its line.
  async statements(text) {
    const bytes = new TextEncoder().encode(text);
    const { offsets, types } = await this.db.tokenize(text);
    const ends = offsets.filter((offset, n) => bytes[offset] === SEMICOLON && types[n] === OPERATOR);
    const decode = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
    const tokens = [...offsets].filter((offset, n) => !ends.includes(offset) && types[n] !== 5);
    const starts = [0, ...[...ends].map((end) => end + 1)];
    return starts
      .map((from, n) => [from, ends[n] ?? bytes.length])
      .filter(([from, to]) => tokens.some((token) => token >= from && token < to))
      .map(([from, to]) => "\n".repeat(decode(0, from).split("\n").length - 1) + decode(from, to));
  }

  // A question is asked from within another, which makes texts of all values; its lines begin with the second.
  async rows(statement) {
    const asked = `from (\n${statement}\n)`;
    try {
      const [names, types] = await this.columns(`describe ${asked}`);
      const values = await this.columns(`select columns(*)::varchar ${asked} limit ${MOST_ROWS + 1}`);
      const count = Math.min(values[0].length, MOST_ROWS);
      const columns = names.map((name, n) => ({ name, type: types[n], values: values[n].slice(0, count) }));
      return { columns, count, hasMore: values[0].length > MOST_ROWS };
    } catch (error) {
      // What is no query stands in none: `explain`, `set variable`.
      if (!error.message.startsWith("Parser Error")) throw new Error(oneLineLess(error.message), { cause: error });
      return this.listed(await this.connection.query(statement));
    }
  }

  async columns(query) {
    const table = await this.connection.query(query);
    return table.schema.fields.map((_, n) => [...table.getChildAt(n)]);
  }

  listed(table) {
    const text = (value) => (value === null ? null : String(value));
    const columns = table.schema.fields.map(({ name }, n) => ({ name, type: "VARCHAR", values: [...table.getChildAt(n)].map(text) }));
    return { columns, count: table.numRows, hasMore: false, isListed: true };
  }

  stop() {
    this.worker.terminate();
  }
}

// Return in words what the engine says, and what a reader can do where it only hints at it.
function inWords(error) {
  const told = error.message ?? String(error);
  const [, named, needed, named2] = told.match(/exists in the (\w+) extension|required extension '(\w+)'|(\w+)\.duckdb_extension/) ?? [];
  const extension = named ?? needed ?? named2;
  if (!extension) return told.trim();
  return `This asks for DuckDB's extension ${extension}, which would come from another host, so this page has none. ${EXTENSIONS[extension] ?? "Ask it in a DuckDB client of your own."}`;
}

const hasFailed = (error) => /RuntimeError|memory access|out of bounds|unreachable|signature mismatch/.test(String(error));
