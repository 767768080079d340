// Shows what the API says, every two seconds. Everything is written as text, never as markup.
"use strict";
const element = id => document.getElementById(id);
let timer = 0;

async function ask(path) {
  const token = sessionStorage.getItem("token");
  const answer = await fetch(path, token ? { headers: { Authorization: `Bearer ${token}` } } : {});
  const body = await answer.json();
  if (answer.status === 401 || answer.status === 403) element("entrance").hidden = false;
  if (!answer.ok) throw new Error(body.detail);
  return body;
}

function span(seconds) {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function fill(id, rows) {
  const body = document.querySelector(`#${id} tbody`);
  body.replaceChildren(...rows.map(cells => {
    const row = document.createElement("tr");
    for (const cell of cells) {
      const data = row.insertCell();
      data.textContent = cell.text ?? cell;
      data.title = data.textContent;
      if (cell.kind) data.className = cell.kind;
    }
    return row;
  }));
  if (rows.length) return;
  const data = body.insertRow().insertCell();
  data.colSpan = 5;
  data.className = "none";
  data.textContent = "none";
}

function count(name, value) {
  const box = document.createElement("div"), term = document.createElement("dt"), number = document.createElement("dd");
  term.textContent = name;
  number.textContent = value.toLocaleString("en");
  box.append(term, number);
  return box;
}

function show(view, leases) {
  const age = time => span((Date.parse(view.now) - Date.parse(time)) / 1000);
  const verdict = it => ({ text: it.dead_letter ? `${it.status} (given up)` : it.status, kind: it.status });
  document.querySelector("#counts dl").replaceChildren(
    ...Object.entries(view.blueprints).map(([name, value]) => count(name, value)),
    count("given up", view.dead_letters), count("kernels", view.kernels));
  fill("workers", leases.map(it => [it.worker, it.blueprint_id, it.fence, it.tries, span(it.milliseconds_left / 1000)]));
  fill("queue", view.waiting.map(it => [it.id, age(it.created_at), it.tries, it.reason ?? ""]));
  fill("verdicts", view.newest_blueprints.map(it => [it.id, verdict(it), it.tries, `${age(it.updated_at)} ago`, it.reason ?? ""]));
  fill("kernels", view.newest_kernels.map(
    it => [it.id, it.blueprint_id, { text: it.status, kind: it.status }, it.compilation_pipeline, `${age(it.created_at)} ago`]));
}

async function refresh() {
  clearTimeout(timer);
  try {
    const [view, leases] = await Promise.all([ask("api/v1/overview"), ask("internal/v1/claims")]);
    show(view, leases);
    element("entrance").hidden = true;
    element("state").className = "";
    element("state").textContent = `as of ${view.now.replace("T", " ").slice(0, 19)} UTC`;
  } catch (error) {
    element("state").className = "bad";
    element("state").textContent = `no answer: ${error.message}`;
  }
  timer = setTimeout(refresh, 2000);
}

element("enter").addEventListener("click", () => {
  sessionStorage.setItem("token", element("token").value);
  refresh();
});
refresh();
