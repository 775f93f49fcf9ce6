/* The map: circles on a plain ground, popups from text only; the list beside it opens them. */
(function () {
  "use strict";

  const ground = document.getElementById("map");
  const written = document.getElementById("spots");
  if (!ground || !written || !window.L) return;
  const spots = JSON.parse(written.textContent);
  if (!spots.length) return;
  ground.hidden = false;

  const map = window.L.map(ground, { attributionControl: false, zoomControl: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false });
  window.L.control.zoom({ zoomInTitle: ground.dataset.in, zoomOutTitle: ground.dataset.out }).addTo(map);
  window.L.control.scale({ imperial: false }).addTo(map);

  function popup(spot) {
    const box = document.createElement("div");
    const name = document.createElement("b");
    const text = document.createElement("p");
    name.textContent = spot.name;
    text.textContent = spot.text;
    box.append(name, text);
    return box;
  }

  function named(spot) {
    const name = document.createElement("span");
    name.textContent = spot.name;
    return name;
  }

  /* Everything has the sign that the list gives it; the list is how a keyboard walks through them. */
  function drawn(spot) {
    const where = [spot.lat, spot.lon];
    if (spot.kind === "area") return window.L.circle(where, { radius: spot.radius_metres, className: "place-area", weight: 1 });
    const side = spot.kind === "base" ? 16 : 20;
    const sign = document.createElement("span");
    sign.textContent = spot.sign;
    const icon = window.L.divIcon({ className: "place place-" + spot.kind, html: sign, iconSize: [side, side], iconAnchor: spot.kind === "town" ? [0, 24] : [side / 2, side / 2] });
    return window.L.marker(where, { icon: icon, keyboard: false, zIndexOffset: { town: 3000, gap: 2000, site: 1000 }[spot.kind] || 0 });
  }

  const marks = new Map();
  spots.forEach(function (spot) {
    const mark = drawn(spot).addTo(map);
    if (spot.kind === "town") return;
    mark.bindPopup(popup(spot)).bindTooltip(named(spot));
    marks.set(spot.kind + " " + spot.name, mark);
  });
  map.fitBounds(window.L.latLngBounds(spots.map(function (spot) { return [spot.lat, spot.lon]; })).pad(0.1), { maxZoom: 14 });

  document.querySelectorAll(".spot").forEach(function (button) {
    button.addEventListener("click", function () {
      const mark = marks.get(button.dataset.kind + " " + button.dataset.name);
      if (!mark) return;
      if (mark.getBounds) map.fitBounds(mark.getBounds(), { animate: false });
      else map.panTo(mark.getLatLng(), { animate: false });
      mark.openPopup();
    });
  });
})();
