// What the studio answers, as far as the page uses it.

export type Vec = [number, number, number];

export type Wishes = {
  look?: string; sex?: string; age?: number;
  hairline?: { alternative?: string; height_mm?: number; edge?: string; points?: Vec[] };
  density_per_cm2?: number | Record<string, number>;
  regularity?: number; dot?: object; sessions?: { count?: number; first_date?: string }; pigment?: { name?: string; dilution?: number };
  shave?: { existing?: boolean; length_mm?: number }; head?: object; paper?: string;
};

export type Ruler = { a: [number, number]; b: [number, number]; mm: number };
export type Stroke = { hair: boolean; radius: number; points: [number, number][] };
export type Corrections = { scale?: Record<string, Ruler>; brush?: Record<string, Stroke[]> };

export type State = {
  code: string; photos: { slot: string; file: string; sha256: string }[]; wishes: Wishes; corrections: Corrections;
  answers?: { asked: string; answers: Record<string, string>; certificates?: Record<string, string> };
  kept: { name: string; wishes: Wishes }[]; scheduled?: { first: string }; signed?: { file: string }; ink?: Ledger; undo: number; redo: number; n: number;
};

// Ledger is the client's part of the ledger of pigments.
export type Ledger = {
  bottles: { id: string; brand: string; shade: string; batch: string; expires?: string; label: { statement: boolean; ingredients: boolean } }[];
  uses: { case: string; session: number; date: string; bottle: string; dilution?: number; needle_lot?: string }[];
};
export type Choice = { id: string; brand: string; shade: string; batch: string; expires: string; stops: string[] };

export type Shade = { pigment: string; dilution: number; share: number; lab: number[] };
export type Variant = { direction?: string; shades: Shade[]; healed_lab: number[]; delta_e: number; grade: string };
export type Check = { id: string; name: string; value: number; unit: string; limit: string; result: string; note?: string; source: string };
export type Zone = { name: string; area_cm2: number; sigma_cm2: number; existing_per_cm2: number; target_per_cm2: number; dots: number };

export type Plan = {
  rev: number; settled: boolean; planning: boolean; failed?: string; dots: number; area_cm2: number; hours: number; price?: number; currency?: string; height_mm: number; edge: string;
  soft_mm: number; source: string; usual_per_cm2: number; uneven_mm: number; nothing?: string; scaled: boolean; scale_source: string; zones: Zone[];
  sessions: { number: number; dots: number; hours: number; after_days: number; purpose: string }[];
  pigment?: Variant & { target_lab: number[]; sigma: number; note?: string; steps?: Variant[]; alternatives?: Variant[] };
  stages: { name: string; diameter_mm: number; contrast: number; lab: number[] }[];
  checks: Check[]; warnings: { code: string; message: string }[]; photos: Record<string, boolean>;
};

export type Whole = { state: State; plan: Plan };

export type Knot = { psi: number; rho: number; mm: number; x: number; y: number; vx: number; vy: number; p: Vec; b: Vec; seen: boolean };

export type Survey = {
  photo: { name: string; width: number; height: number }; view: { name: string }; scale: { mm_per_px?: number; sigma?: number; source: string };
  hairline: { points: [number, number][]; confidence: number; kind: string }[]; bald: { polygon: [number, number][]; area_cm2: number; sigma_cm2: number }[];
  zones: { name: string; area_cm2: number; hairs_per_cm2: number; sigma: number; visible: number }[];
  skin?: { lab: number[]; sigma: number; ita: number }; hair?: { lab: number[]; name: string; grey: number; sigma: number };
  count?: { hairs: number; units: number; points?: [number, number][]; per_cm2?: number };
  stage: { scale: string; value?: string; confidence: number }; quality: { sharpness: number; exposure: number; ok: boolean };
  warnings: { code: string; message: string }[];
};

export type View = {
  slot: string; width: number; height: number; frame: [number, number, number, number]; survey: Survey; layers: boolean; rev: number; used: boolean;
  why?: string; line: Knot[]; dots: number; mm_per_px: number; height_mm: number; planned: number;
};

export const slots = ["front", "left", "right", "back", "top", "crown", "macro-1", "macro-2", "macro-3"];
export const zoneNames = ["frontal_hairline", "frontal", "mid_scalp", "vertex", "temporal_left", "temporal_right", "parietal_left", "parietal_right", "occipital"];
