/* Saves each answer as it is given, and lets digits pick one. Without this script the form
   posts the section as a whole. Unsent answers wait in the page, never in browser storage. */
(() => {
  "use strict";
  const SEND_WITHIN = 300, MOST_SECONDS = 300, LONGEST_WAIT = 60, PATIENCE = 20000;
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;

  const words = form.dataset;
  const field = (name) => form.elements.namedItem(name);
  const [bar, count, status, live, banner] = ["progress", "answered", "saved", "live", "banner"]
    .map((mark) => document.querySelector(`.take-bar [data-${mark}]`));
  const questions = [...form.querySelectorAll("fieldset[data-item]")];
  const checked = (q) => q.querySelector("input:checked");
  const chosen = (q) => (checked(q) ? checked(q).value : "");
  const revision = (q) => field(`revision-${q.dataset.item}`);

  /* Per question: `unsent` is the newest change that is not acknowledged, `flying` the one under
     way, `other` the answer from another window that waits for a decision. */
  const states = new Map(questions.map((q) => [q, {}]));
  const any = (what) => [...states.values()].some((s) => s[what]);
  const elsewhere = Number(words.elsewhere);
  let seq = 0, answeredAt = performance.now();
  let failures = 0, retry = null, savedAt = "", said = "", over = false, leaving = false;

  const situation = () => {
    if (any("other")) return ["problem", words.undecided];
    if (over || any("refused")) return ["problem", words.refused];
    if (any("unsent") && !navigator.onLine) return ["offline", words.offline];
    if (any("unsent") && failures) return ["offline", words.retrying];
    if (any("unsent")) return ["saving", words.saving];
    return ["saved", savedAt && words.saved.replace("{time}", savedAt)];
  };

  /* Success is silent; trouble is announced once. */
  const show = () => {
    bar.value = elsewhere + questions.filter(checked).length;
    count.textContent = bar.value;
    const [state, text] = situation();
    status.dataset.state = state;
    status.textContent = text;
    if (state === "saving") return;
    const aloud = state === "saved" ? "" : text;
    if (aloud !== said && !any("other")) live.textContent = aloud;
    said = aloud;
  };

  const record = (q) => {
    // Where nothing is stored (an editor's preview), the section's post is all there is.
    if (!words.autosave) return show();
    const s = states.get(q), now = performance.now();
    if (s.other) decide(q);
    const waiting = s.unsent && s.unsent !== s.flying ? s.unsent.seconds : 0;
    const seconds = Math.min((now - answeredAt) / 1000 + waiting, MOST_SECONDS);
    s.unsent = { value: chosen(q), seq: ++seq, seconds };
    s.refused = leaving = false;
    answeredAt = now;
    if (!s.timer) s.timer = setTimeout(send, SEND_WITHIN, q);
    show();
  };

  const send = async (q) => {
    const s = states.get(q), change = s.unsent;
    clearTimeout(s.timer);
    s.timer = null;
    if (over || !change || s.flying || s.other) return;
    s.flying = change;
    let response = null, reply = {};
    try {
      response = await fetch(words.autosave, {
        method: "POST",
        redirect: "manual",
        keepalive: true,
        signal: AbortSignal.timeout && AbortSignal.timeout(PATIENCE),
        body: new URLSearchParams({
          csrfmiddlewaretoken: field("csrfmiddlewaretoken").value,
          item: q.dataset.item,
          value: change.value,
          seconds: change.seconds.toFixed(1),
          client: field("client").value,
          seq: change.seq,
          base_revision: revision(q).value,
          edition: field("edition").value,
        }),
      });
      reply = await response.json();
    } catch { /* no connection, or no JSON */ }
    s.flying = null;
    take(q, change, response, reply);
    show();
    if (s.unsent && s.unsent !== change && !retry) send(q);
  };

  const take = (q, change, response, reply) => {
    const s = states.get(q), code = response ? response.status : 0;
    const stored = code === 200 && "revision" in reply;
    if (!response || code === 429 || code >= 500 || (code === 200 && !stored)) {
      if (!retry) retry = setTimeout(flush, 1000 * Math.min(2 ** failures++, LONGEST_WAIT));
      return;
    }
    failures = 0;
    if (stored) {
      if (s.unsent === change) s.unsent = null;
      settle(q, reply);
    } else if (reply.error === "conflict") {
      ask(q, reply);
    } else {
      refuse(s, reply);
    }
  };

  const settle = (q, reply) => {
    revision(q).value = reply.revision;
    savedAt = new Date().toTimeString().slice(0, 5);
    q.classList.remove("is-missing");
    q.querySelectorAll(".q-error").forEach((fault) => fault.remove());
  };

  /* Finished meanwhile, or the page is out of date: trying again would not help. */
  const refuse = (s, reply) => {
    over = over || reply.error === "finished";
    (over ? [...states.values()] : [s]).forEach((one) => { one.unsent = null; });
    s.refused = true;
    banner.querySelector("[data-text]").textContent = reply.message || words.reload;
    const link = banner.querySelector("[data-link]");
    link.hidden = !reply.url;
    if (reply.url) link.href = reply.url;
    banner.hidden = false;
    live.textContent = banner.textContent.trim();
  };

  /* Another window stored something else. Both are kept until the person decides. */
  const ask = (q, reply) => {
    const notice = document.getElementById("conflict").content.firstElementChild.cloneNode(true);
    const text = words.elsewhereChosen.replace("{label}", reply.label);
    notice.querySelector("[data-text]").textContent = text;
    notice.querySelector("[data-use]").addEventListener("click", () => {
      q.querySelectorAll("input[type=radio]").forEach((one) => {
        one.checked = one.value === reply.value;
      });
      states.get(q).unsent = null;
      settle(q, reply);
      decide(q);
      show();
    });
    notice.querySelector("[data-keep]").addEventListener("click", () => record(q));
    q.querySelector("legend").after(notice);
    states.get(q).other = { reply, notice };
    live.textContent = text;
  };

  const decide = (q) => {
    const s = states.get(q), { reply, notice } = s.other;
    const target = checked(q) || q.querySelector("input");
    revision(q).value = reply.revision;
    if (notice.contains(document.activeElement)) target.focus();
    notice.remove();
    s.other = null;
  };

  const flush = () => {
    clearTimeout(retry);
    retry = null;
    questions.forEach(send);
  };

  form.addEventListener("change", (event) => {
    const q = event.target.closest("fieldset[data-item]");
    if (q) record(q);
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=clear]");
    if (!button) return;
    event.preventDefault();
    const q = button.closest("fieldset");
    if (checked(q)) checked(q).checked = false;
    q.querySelector("input").focus();
    record(q);
  });

  /* Digits act only while focus is inside a question, and never with a modifier. */
  form.addEventListener("keydown", (event) => {
    const q = event.target.closest("fieldset[data-item]");
    if (!q || event.ctrlKey || event.metaKey || event.altKey || !/^\d$/.test(event.key)) return;
    const pick = q.querySelector(`[data-key="${event.key}"]`);
    if (!pick) return;
    event.preventDefault();
    pick.checked = true;
    pick.focus();
    record(q);
    const next = questions[questions.indexOf(q) + 1];
    if (next && field("advance").checked) {
      (checked(next) || next.querySelector("input")).focus({ preventScroll: true });
      next.scrollIntoView();
    }
  });

  /* The section's post carries a number above all that were sent, so it wins over them. An
     unset radio button is not part of a post: what was cleared goes ahead of it. */
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      live.textContent = status.textContent = words.offline;
      status.dataset.state = "offline";
      return;
    }
    questions.filter((q) => !checked(q)).forEach(send);
    field("seq").value = ++seq;
    leaving = true;
  });

  window.addEventListener("beforeunload", (event) => {
    if (!any("unsent") || leaving) return;
    event.preventDefault();
    event.returnValue = "";
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  window.addEventListener("online", flush);
  window.addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) flush();
  });
})();
