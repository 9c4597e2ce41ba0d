export const alignment = { player: { proxyStarted: 'Making a playable copy of {name}.' } }
