// Macros, tests of rules, files and changes of structure of the stand-in for the server.
import { randomUUID } from 'node:crypto';
import { Reply } from './stand-in-filter.mjs';

const attachment = (type, name) => ({ 'Content-Type': type, 'Content-Disposition': `attachment; filename=${name}` });

/** Cells of a CSV text; enough for texts in quotes without line breaks. */
const cells = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].slice(0, line.split(',').length)
  .map(([, cell]) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));

export function structureRoutes({ SYSTEM, byId, checkRecord, collectionNamed, collections, compute, make, now, rows, users }) {
  const macros = [];
  const macroById = (id) => {
    const found = macros.find((macro) => macro.id === Number(id));
    if (!found) throw new Reply(404, { detail: 'Macro not found' });
    return found;
  };
  const checkMacro = (body, own) => {
    if (macros.some((macro) => macro !== own && macro.name === body.name)) {
      throw new Reply(409, { detail: `Macro with name '${body.name}' already exists` });
    }
    const table = /from\s+(password\w*|sessions)/i.exec(body.sql_query ?? '')?.[1];
    if (table) {
      throw new Reply(422, { detail: [{ type: 'value_error', loc: ['body', 'sql_query'], msg: `Value error, Macro query cannot read table '${table}'` }] });
    }
  };

  function fileRecords({ text, type, query, collection }) {
    if (type === 'text/csv') {
      const [head, ...lines] = text.trim().split(/\r?\n/);
      const map = new Map((query.get('map') ?? '').split(',').map((pair) => pair.split(':')));
      const names = cells(head).map((name) => map.get(name));
      const typed = (name, value) => {
        const field = collection.schema.find((candidate) => candidate.name === name);
        return value === '' ? null : field?.type === 'number' ? (Number.isNaN(Number(value)) ? value : Number(value)) : value;
      };
      return lines.map((line) => Object.fromEntries(cells(line).flatMap((value, at) => (names[at] ? [[names[at], typed(names[at], value)]] : []))));
    }
    return text.trim().split('\n').map((line) => JSON.parse(line));
  }

  /** A rule that is a chain of `&&` or `||`: its clauses, judged by their words, and what it comes to. */
  function judge(rule, user, record) {
    const truth = (text) => {
      const [, name, operator, value] = /^\s*([@\w.]+)\s*(=|!=)\s*(.+?)\s*$/.exec(text) ?? [];
      if (!name) return null;
      const read = (word) => (word === '@request.auth.id' ? user?.id : word === '@request.auth.role' ? 'user' : /^["\d]|true|false/.test(word) ? JSON.parse(word) : record?.[word]);
      const [left, right] = [read(name), read(value)];
      return left === undefined || left === null || right === undefined ? null : (left === right) === (operator === '=');
    };
    const joint = rule.includes('&&') ? '&&' : '||';
    let at = 0;
    const parts = rule.split(joint).map((text) => {
      const start = at + text.length - text.trimStart().length;
      at += text.length + 2;
      return { text: text.trim(), start, end: start + text.trim().length, result: truth(text.trim()), join: null, clauses: [] };
    });
    const all = parts.map(({ result }) => result);
    const settled = joint === '&&' ? (all.includes(false) ? false : all.includes(null) ? null : true) : all.includes(true) ? true : all.includes(null) ? null : false;
    // The first that settled it, or all where none could alone.
    const alone = parts.find(({ result }) => (joint === '&&' ? settled !== true && result !== true : settled === true && result === true));
    return {
      result: settled, join: parts.length === 1 ? null : joint === '&&' ? 'and' : 'or',
      clauses: parts.map((part) => ({ ...part, decisive: alone === undefined || alone === part })),
    };
  }

  const routes = [
    ['GET', '/macros', ({ query }) => [200, [...macros].sort((a, b) => (a.name < b.name ? -1 : 1)).slice(Number(query.get('skip') ?? 0))]],
    ['POST', '/macros', ({ body, user }) => {
      checkMacro(body);
      const macro = { description: null, parameters: [], ...body, id: macros.length + 1, created_at: now(), updated_at: now(), created_by: user.id };
      macros.push(macro);
      return [201, macro];
    }],
    ['PUT', '/macros/:id', ({ params, body }) => {
      const macro = macroById(params.id);
      checkMacro(body, macro);
      return [200, Object.assign(macro, body, { updated_at: now() })];
    }],
    ['DELETE', '/macros/:id', ({ params }) => {
      macros.splice(macros.indexOf(macroById(params.id)), 1);
      return [204];
    }],
    ['POST', '/macros/:id/test', ({ params, body }) => {
      const wanted = macroById(params.id).parameters.length;
      const given = body.parameters?.length ?? 0;
      if (given !== wanted) throw new Reply(422, { detail: `Expected ${wanted} parameters, got ${given}` });
      return [200, { result: body.parameters.join('') || '1', execution_time: 0.68, rows_affected: 0 }];
    }],
    ['POST', '/collections/:name/rules/test', ({ params, body }) => {
      const { rules } = collectionNamed(params.name);
      const rule = body.rule ?? rules[`${body.operation}_rule`];
      const user = users.find(({ id }) => id === body.as.user_id);
      const record = body.record ?? rows.get(params.name).find(({ id }) => id === body.record_id) ?? body.data;
      const plain = (allowed, decided_by) => [200, { allowed, decided_by, clauses: [], join: null, rule, sql: null }];
      if (user?.account_id === SYSTEM) return plain(true, 'superadmin');
      if (rule === null) return plain(false, 'locked');
      if (rule === '') return plain(true, 'public');
      if (!user) return plain(false, 'anonymous');
      const { result, join, clauses } = judge(rule, user, record);
      return [200, { allowed: result === true, decided_by: 'rule', clauses, join, rule, sql: '"created_by" = ?1' }];
    }],
    ['GET', '/collections/:name/rules/sql', ({ params }) => {
      const { rules } = collectionNamed(params.name);
      return [200, Object.fromEntries(['list', 'view', 'create', 'update', 'delete'].map((key) => [key, rules[`${key}_rule`] && '"created_by" = ?1']))];
    }],
    ['GET', '/collections/export', ({ query, user }) => {
      const ids = query.get('collection_ids')?.split(',');
      const chosen = collections.filter(({ id }) => !ids || ids.includes(id));
      const content = {
        version: '1.0', exported_at: now(), exported_by: user.email,
        collections: chosen.map(({ name, schema, rules }) => ({ name, schema, rules, ...(query.get('include_records') && { records: rows.get(name) }) })),
      };
      return [200, JSON.stringify(content), attachment('application/json', 'collections_export_20260301_100000.json')];
    }],
    ['POST', '/collections/import', ({ body }) => {
      const outcomes = body.data.collections.map(({ name, schema, rules, records = [] }) => {
        const known = collections.find((collection) => collection.name === name);
        if (known && body.strategy === 'skip') return { name, status: 'skipped', message: 'Collection already exists' };
        if (known && body.strategy === 'error') return { name, status: 'error', message: `Collection '${name}' already exists` };
        if (known) {
          known.schema = schema;
          return { name, status: 'updated', message: 'Collection schema updated' };
        }
        make({ ...rules, name, schema });
        rows.get(name).push(...records);
        return { name, status: 'imported', message: `Collection created successfully${records.length > 0 ? ` (${records.length} records)` : ''}` };
      });
      const count = (status) => outcomes.filter((outcome) => outcome.status === status).length;
      return [200, {
        success: count('error') === 0, imported_count: count('imported'), skipped_count: count('skipped'), updated_count: count('updated'),
        failed_count: count('error'), collections: outcomes, migrations_created: [],
      }];
    }],
    ['POST', '/collections/:id/changes', ({ params, body }) => {
      const collection = byId(params.id);
      const list = rows.get(collection.name);
      const steps = body.changes.map((change) => {
        // A field that an earlier change of the same call renames goes by its new name.
        const about = change.field ?? change.from;
        const stored = body.changes.find(({ op, to }) => op === 'rename_field' && to === about)?.from ?? about;
        const misfits = change.op === 'change_type' && change.type === 'number' ? list.filter((row) => Number.isNaN(Number(row[stored]))) : [];
        return {
          description: `${change.op} ${change.from ?? change.field ?? collection.name}${change.to ? ` to ${change.to}` : ''}`, rows_affected: change.op.startsWith('rename') ? 0 : list.length,
          unconvertible_count: misfits.length, unconvertible: misfits.slice(0, 3).map((row) => ({ record_id: row.id, value: row[stored] })),
        };
      });
      const reply = { collection: {}, dry_run: body.dry_run, changes: steps, migration_revision: body.dry_run ? null : '741fd2a66798' };
      if (body.dry_run) return [200, reply];
      for (const change of body.changes) {
        const field = collection.schema.find(({ name }) => name === (change.field ?? change.from));
        if (change.op === 'rename_field') {
          field.name = change.to;
          for (const row of list) row[change.to] = row[change.from];
        } else if (change.op === 'change_type') field.type = change.type;
        else if (change.op === 'require') field.required = true;
        else if (change.op === 'drop_field') collection.schema = collection.schema.filter((other) => other !== field);
        else if (change.op === 'rename_collection') {
          rows.set(change.to, list);
          collection.name = change.to;
        }
      }
      collection.updated_at = now();
      return [200, reply];
    }],
    ['GET', '/records/:collection/export', ({ params, query }) => {
      const list = rows.get(params.collection).map((row) => compute(collectionNamed(params.collection), row));
      const format = query.get('format') ?? 'json';
      const name = `${params.collection}_export_20260301_100000.${format}`;
      const files = collectionNamed(params.collection).schema.filter(({ type }) => type === 'file');
      const records = list.map((row) => ({ ...row, ...Object.fromEntries(files.map(({ name }) => [name, row[name] && JSON.parse(row[name])])) }));
      if (format === 'json') return [200, JSON.stringify({ collection: params.collection, exported_at: now(), count: list.length, records }), attachment('application/json', name)];
      const keys = Object.keys(list[0] ?? {});
      return [200, [keys, ...list.map((row) => keys.map((key) => row[key] ?? ''))].map((row) => row.join(',')).join('\r\n'), attachment('text/csv', name)];
    }],
    ['POST', '/records/:collection/import', ({ params, query, text, type, user }) => {
      const collection = collectionNamed(params.collection);
      const errors = [];
      const records = fileRecords({ text, type, query, collection });
      records.forEach((record, index) => {
        try {
          const numbers = collection.schema.filter((field) => field.type === 'number' && typeof record[field.name] === 'string');
          if (numbers.length > 0) throw new Reply(400, { details: numbers.map(({ name }) => ({ field: name, message: 'Expected numeric value, got str', code: 'invalid_type' })) });
          checkRecord(collection, record);
        } catch (error) {
          errors.push({ index, details: error.body.details });
        }
      });
      if (errors.length > 0 && query.get('mode') !== 'skip') throw new Reply(400, { error: 'validation_error', ...errors[0] });
      const faulty = new Set(errors.map(({ index }) => index));
      const good = records.filter((_, index) => !faulty.has(index));
      if (query.get('dry_run') !== 'true') {
        for (const record of good) {
          const row = { id: randomUUID(), account_id: SYSTEM, created_at: now(), created_by: user.id, updated_at: now(), updated_by: user.id };
          for (const field of collection.schema) row[field.name] = record[field.name] ?? (field.type === 'boolean' ? false : null);
          rows.get(collection.name).push(row);
        }
      }
      const counts = { imported: good.length, skipped: errors.length };
      const lines = [...errors.map((error) => ({ error })), { progress: counts }, { result: counts }];
      return [200, lines.map((line) => JSON.stringify(line)).join('\n'), { 'Content-Type': 'application/x-ndjson' }];
    }],
  ];
  return { routes };
}
