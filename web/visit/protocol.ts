// What phone and server say to each other: the shapes of docs/sync.md.
export type Purpose = { programme: string; title: string; title_en: string; service: string; payer: string };
export type PlannedTask = { service: string; title: string; title_en: string; form: string; photos: string[] };
export type VisitState = 'planned' | 'done' | 'missed' | 'cancelled';
export type Visit = {
  id: string; version: string; elder: string; day: string; from: string; until: string; at?: string; minutes: number; people: number; second: string;
  state: VisitState; order: number; note: string; purposes: Purpose[]; tasks: PlannedTask[]; signature: boolean; unplanned?: string;
};
export type Contact = { name: string; relation: string; phone: string };
export type LastValue = { title: string; title_en: string; text: string; day: string };
export type Elder = {
  id: string; name: string; sex: 'male' | 'female'; age: number; place: string; address: string; phone: string;
  latitude: number | null; longitude: number | null; door: boolean; contacts: Contact[];
  risks: string[]; diseases: string[]; last: LastValue[]; plan: string[]; remark: string;
};
export type Option = { value: string; title: string; title_en: string };
export type FormItem = {
  id: string; title: string; title_en: string; kind: 'number' | 'choice' | 'many' | 'text' | 'check' | 'date';
  unit?: string; least?: number | null; most?: number | null; decimals?: number; options?: Option[]; required?: boolean; help?: string; help_en?: string;
};
export type Form = { id: string; title: string; title_en: string; items: FormItem[] };
export type Service = { id: string; title: string; title_en: string; form: string; photos: string[] };
/** What a photo may show. */
export type PhotoKind = { id: string; title: string; title_en: string };
export type ServerMark = { id: string; now: string };
/** The last event of this phone that the server has. */
export type Last = { number: number; hash: string };
export type Me = { staff: string; name: string; organisation: string; team: string; lead: string; lead_phone?: string; emergency: string };
export type Terms = { pin: { least: number; tries: number } };
export type Settings = { pin_least: number; pin_tries: number; keep_days: number; photo_most_bytes: number };

export type Enrolment = { phone: string; token: string; name: string; server: string; pin: { least: number; tries: number } };
export type Snapshot = {
  cursor: string; server: ServerMark; knows: number; last: Last; catalogue: string; me: Me; settings: Settings;
  visits: Visit[]; elders: Elder[]; forms: Form[]; services: Service[]; photos: PhotoKind[];
};
export type Changes = { cursor: string; server: ServerMark; knows: number; last: Last; catalogue: string; visits: Visit[]; gone: string[]; elders: Elder[] };
export type Receipt = { id: string; state: 'received' | 'again' | 'aside' | 'taken'; reason: string; reason_en: string };
export type Answer = { server: ServerMark; knows: number; last: Last; receipts: Receipt[] };

export type Fix = { latitude: number; longitude: number; accuracy: number; provider: 'gps' | 'network' | 'unknown'; mock: boolean | null; at: string };
export type NoFix = '' | 'denied' | 'timeout' | 'unavailable';
export type Position = { fix: Fix | null; why: NoFix };
export type Values = Record<string, string>;
export type MissedReason = 'nobody' | 'refused' | 'hospital' | 'other';
export type SignedBy = 'elder' | 'family' | 'witness';

/** What each kind of event says. */
export type Bodies = {
  begin: Position & { door: string };
  task: { service: string; done: boolean; reason: string; values: Values; note: string; no_photo: string };
  photo: { hash: string; kind: string; service: string; bytes: number };
  signature: { by: SignedBy; name: string; lines: string } | { by: 'none'; reason: string };
  material: { name: string; count: number };
  end: Position & { next: string; note: string };
  missed: { reason: MissedReason; note: string; fix: Fix | null };
  unplanned: { elder: string; services: string[]; reason: string };
  change: { elder: string; field: 'phone' | 'remark'; before: string; after: string };
  sos: { fix: Fix | null; note: string; follows: string };
  lost: { from: number; until: number; reason: string };
};
export type Kind = keyof Bodies;
export type VisitEvent = {
  id: string; number: number; at: string; kind: Kind; visit: string; previous: string; body: string; hash: string; signature: string;
};
