// Plays back the frames of the decision boundary in the browser. Frames that came earlier are kept by epoch, so the
// server needs to send only the newest ones while a network is training.

const PLAY_MS = 6000; // from the first to the last frame
const CALM_MS = 700; // a frame, for people who asked for less motion

function newPlayer() {
  return { run: null, frames: new Map(), epochs: [], index: 0, following: true, timer: null };
}

function readFrames(card, sent) {
  const { player } = card;
  if (sent.run !== player.run) {
    pause(card);
    Object.assign(player, newPlayer(), { run: sent.run });
  }
  const bytes = Uint8Array.from(atob(sent.frames), (letter) => letter.charCodeAt(0));
  const [rows, columns] = sent.shape;
  sent.epochs.forEach((epoch, k) => {
    const start = k * rows * columns;
    const frame = Array.from({ length: rows }, (_, r) => {
      const at = start + r * columns;
      return bytes.subarray(at, at + columns);
    });
    player.frames.set(epoch, frame);
  });
  const shown = player.epochs[player.index];
  player.epochs = [...player.frames.keys()].sort((a, b) => a - b);
  player.total = Math.max(sent.total, player.epochs.at(-1) ?? 0);
  player.index = player.following ? Math.max(player.epochs.length - 1, 0) : Math.max(player.epochs.indexOf(shown), 0);
}

function currentFrame(player) {
  return player.frames.get(player.epochs[player.index]);
}

function showPlayer(card) {
  const { player, find } = card;
  find("player").style.visibility = player.epochs.length < 2 ? "hidden" : "visible";
  if (!player.epochs.length) return;
  const words = `epoch ${player.epochs[player.index]} of ${player.total}`;
  const slider = find("epochs");
  slider.max = String(player.epochs.length - 1);
  slider.value = String(player.index);
  slider.setAttribute("aria-valuetext", words);
  find("epoch").textContent = words;
  find("play").textContent = player.timer ? "Pause" : "Play";
}

function showFrame(card, index) {
  const { player } = card;
  player.index = index;
  player.following = index === player.epochs.length - 1;
  if (card.drawn) card.Plotly.restyle(card.gd, { z: [currentFrame(player)] }, [0]);
  showPlayer(card);
}

function pause(card) {
  clearInterval(card.player.timer);
  card.player.timer = null;
}

function play(card) {
  const { player } = card;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const pace = calm ? CALM_MS : Math.min(Math.max(PLAY_MS / player.epochs.length, 60), 250);
  if (player.index >= player.epochs.length - 1) showFrame(card, 0);
  player.timer = setInterval(() => {
    showFrame(card, Math.min(player.index + 1, player.epochs.length - 1));
    if (player.following) pause(card);
    showPlayer(card);
  }, pace);
  showPlayer(card);
}

function wirePlayer(card) {
  card.find("epochs").oninput = (event) => {
    pause(card);
    showFrame(card, Number(event.target.value));
  };
  card.find("play").onclick = () => {
    if (card.player.timer) {
      pause(card);
      showPlayer(card);
    } else play(card);
  };
}
