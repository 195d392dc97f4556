// Where the phone is: asked with a limit, and no position is an answer too.
import type { Fix, NoFix, Position } from './protocol';

const limitMs = 15_000;

export function position(withinMs = limitMs, atMostOldMs = 10_000): Promise<Position> {
  return new Promise((resolve) => {
    const none = (why: NoFix): void => resolve({ fix: null, why });
    if (!('geolocation' in navigator)) return none('unavailable');
    // The browser's own limit does not run while it asks for leave.
    setTimeout(() => none('timeout'), withinMs);
    navigator.geolocation.getCurrentPosition(
      (found) => resolve({ fix: fixOf(found), why: '' }),
      ({ code }) => none(code === 1 ? 'denied' : code === 3 ? 'timeout' : 'unavailable'),
      { enableHighAccuracy: true, timeout: withinMs, maximumAge: atMostOldMs },
    );
  });
}

function fixOf({ coords, timestamp }: GeolocationPosition): Fix {
  return {
    latitude: coords.latitude, longitude: coords.longitude, accuracy: Math.round(coords.accuracy * 10) / 10,
    // A browser says neither where a position comes from nor whether it was made up.
    provider: 'unknown', mock: null, at: new Date(timestamp).toISOString(),
  };
}

const earthRadiusM = 6_371_000;

/** Metres along the great circle. */
export function distanceM(one: { latitude: number; longitude: number }, other: { latitude: number; longitude: number }): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const halfUp = Math.sin(radians(other.latitude - one.latitude) / 2) ** 2;
  const halfAcross = Math.sin(radians(other.longitude - one.longitude) / 2) ** 2;
  const share = halfUp + Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * halfAcross;
  return 2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(share)));
}
