// The scripts find, download or install Chromium themselves (scripts/find-chromium.mjs).
module.exports = { skipDownload: true }
