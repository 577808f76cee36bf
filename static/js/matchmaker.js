/* Pages work without it. */
(function (doc) {
  "use strict";
  var live = doc.getElementById("live"), said = doc.getElementById("said");

  function on(name, act) { doc.addEventListener(name, act); }
  function focus(node) {
    if (!node) return;
    if (node.tabIndex < 0) node.tabIndex = -1;
    node.focus();
  }
  function show(note) {
    live.replaceChildren(note);
    live.scrollIntoView({ block: "nearest" });
  }
  function tell(text) {
    var note = doc.getElementById("note-bad").content.firstElementChild.cloneNode(true);
    note.querySelector("p").textContent = text;
    show(note);
  }
  function busy(event) {
    var target = event.detail.target;
    if (target !== doc.body) target.ariaBusy = event.type === "htmx:beforeRequest" ? "true" : null;
  }

  focus(doc.getElementById("error-summary"));
  on("htmx:beforeRequest", busy);
  on("htmx:afterRequest", busy);
  on("htmx:afterSettle", function (event) {
    var root = event.target, words = root.closest("[data-say]");
    if (words) said.textContent = words.dataset.say;
    var wrong = root.querySelector("#error-summary");
    var config = event.detail.requestConfig, asked = !config || config.triggeringEvent;
    // Lost focus goes to the new heading; not for a part that loads itself.
    if (wrong || (asked && doc.activeElement === doc.body)) focus(wrong || root.querySelector("h1,h2,h3") || root);
  });
  on("htmx:responseError", function (event) {
    // A long text whose session ended: sent as a page, the sign-in form keeps it.
    if (event.detail.xhr.status === 401 && event.target instanceof HTMLFormElement) return HTMLFormElement.prototype.submit.call(event.target);
    var note = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector(".note");
    if (note) show(doc.importNode(note, true)); else tell(live.dataset.failed);
  });
  on("htmx:sendError", function () { tell(live.dataset.offline); });
  function close(event) {
    doc.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (event.key === "Escape") focus(menu.firstElementChild);
      else if (event.type !== "click" || menu.contains(event.target)) return;
      menu.open = false;
    });
  }
  on("keydown", close);
  on("click", close);
})(document);
