/* One day of the week on a plain ground: the base, the stops by number, the way between them; the list beside it says the same. */
(function () {
  "use strict";

  const ground = document.getElementById("week-map");
  const written = document.getElementById("marks");
  const title = document.getElementById("map-day");
  if (!ground || !written || !window.L) return;
  const days = new Map(JSON.parse(written.textContent).map(function (day) { return [day.on, day.marks]; }));
  let map, layer;

  function begin() {
    ground.hidden = false;
    map = window.L.map(ground, { attributionControl: false, zoomControl: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false });
    window.L.control.zoom({ zoomInTitle: ground.dataset.in, zoomOutTitle: ground.dataset.out }).addTo(map);
    window.L.control.scale({ imperial: false }).addTo(map);
    layer = window.L.layerGroup().addTo(map);
  }

  function said(mark) {
    const box = document.createElement("div");
    const name = document.createElement("b");
    const text = document.createElement("p");
    name.textContent = mark.name;
    text.textContent = mark.text;
    box.append(name, text);
    return box;
  }

  function drawn(mark) {
    const sign = document.createElement("span");
    sign.textContent = mark.sign;
    sign.className = mark.kind === "base" ? "stop-base" : "stop-sign";
    const icon = window.L.divIcon({ className: "stop", html: sign, iconSize: null, iconAnchor: mark.kind === "base" ? [9, 10] : [15, 15] });
    return window.L.marker([mark.lat, mark.lon], { icon: icon, keyboard: false, zIndexOffset: mark.kind === "base" ? 0 : 1000 }).bindPopup(said(mark));
  }

  function show(on) {
    const marks = days.get(on) || [];
    const head = document.getElementById("head-" + on);
    title.textContent = marks.length ? (head ? head.textContent : "") : title.dataset.none;
    document.querySelectorAll(".on-map").forEach(function (button) { button.setAttribute("aria-pressed", String(button.dataset.on === on)); });
    if (!marks.length) {
      ground.hidden = true;
      return;
    }
    if (!map) begin();
    ground.hidden = false;
    map.invalidateSize(false);
    layer.clearLayers();
    const way = marks.map(function (mark) { return [mark.lat, mark.lon]; });
    if (marks[0].kind === "base") way.push(way[0]);
    window.L.polyline(way, { className: "week-way", interactive: false }).addTo(layer);
    marks.forEach(function (mark) { drawn(mark).addTo(layer); });
    map.fitBounds(window.L.latLngBounds(way).pad(0.15), { maxZoom: 14, animate: false });
  }

  document.querySelectorAll(".on-map").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      show(button.dataset.on);
      title.scrollIntoView({ block: "nearest" });
    });
  });
  if (title.dataset.shown) show(title.dataset.shown);
})();
