/* Pages work without it. */
(doc => {
  "use strict";
  var live = id("live"), said = id("said");

  function id(name) { return doc.getElementById(name); }
  function on(name, act) { doc.addEventListener(name, act); }
  function focus(node) {
    if (node?.tabIndex < 0) node.tabIndex = -1;
    node?.focus();
  }
  function show(note) {
    live.replaceChildren(note);
    live.scrollIntoView({block: "nearest"});
  }
  function tell(text) {
    var note = id("note-bad").content.firstElementChild.cloneNode(true);
    note.querySelector("p").textContent = text;
    show(note);
  }
  function busy({type, detail: {target}}) {
    if (target !== doc.body) target.ariaBusy = type === "htmx:beforeRequest" ? "true" : null;
  }

  // After autofocus.
  requestAnimationFrame(() => focus(id("error-summary")));
  on("htmx:beforeRequest", busy);
  on("htmx:afterRequest", busy);
  on("htmx:afterSettle", event => {
    var root = event.target, words = root.closest("[data-say]");
    if (words) said.textContent = words.dataset.say;
    var wrong = root.querySelector("#error-summary"), sent = event.detail.requestConfig;
    // Lost focus goes to a heading, not of what loads itself.
    if (wrong || (doc.activeElement === doc.body && (!sent || sent.triggeringEvent))) focus(wrong || root.querySelector("h1,h2,h3") || root);
  });
  on("htmx:responseError", ({target, detail: {xhr}}) => {
    // The sign-in form keeps it.
    if (xhr.status === 401 && target.submit) return target.submit();
    var note = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector(".note");
    if (note) show(note); else tell(live.dataset.failed);
  });
  on("htmx:sendError", () => tell(live.dataset.offline));
  function close(event) {
    doc.querySelectorAll("details.menu[open]").forEach(menu => {
      if (event.key === "Escape") focus(menu.firstElementChild);
      else if (event.type !== "click" || menu.contains(event.target)) return;
      menu.open = false;
    });
  }
  on("keydown", close);
  on("click", close);
})(document);
