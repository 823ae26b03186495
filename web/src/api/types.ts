/* Shapes of the HTTP API (docs/api.md). */
export type Lang = 'zh-CN' | 'en'
export type Label = Partial<Record<Lang, string>>

export interface Money { amount: number; currency?: string }
export interface Ref { id: number; title: string }

export interface User { id: number; name: string; email: string; admin: boolean; lang: Lang | null }
export interface Session { user: User; csrf: string }

export interface FieldOption { value: string; label: Label; color?: string; archived?: boolean }
export interface Field {
  name: string
  type: string
  label: Label
  help?: Label | null
  required?: boolean
  unique?: boolean
  readonly?: boolean
  access?: 'masked' | 'read' | 'write'
  masked?: boolean
  derived?: boolean
  system?: boolean
  index?: 'none' | 'sort' | 'filter' | 'unique'
  scale?: number | null
  min?: number | null
  max?: number | null
  default?: unknown
  group?: string | null
  operators?: string[]
  options?: FieldOption[]
  ref?: string | null
  currency_from?: string | null
}
export interface FormSection { label: Label; fields: string[] }
export interface View { name: string; label: Label; filter?: string | null; sort?: string | null; columns?: string[] | null }
export interface SchemaObject {
  name: string
  label: Label
  plural?: Label
  icon?: string
  nav: number
  internal?: boolean
  title_field: string
  customer_field?: string | null
  time_field?: string | null
  key_field?: string | null
  fields: Field[]
  layouts: { list: string[]; form: FormSection[] }
  views: View[]
  permissions: { create: boolean; write: boolean; delete: boolean; scopes?: Record<string, string>; read?: boolean; share?: boolean; assign?: boolean; export?: boolean; import?: boolean; reveal?: boolean }
}
/* What the company is mostly about: menu, home page and words (packs/core/profiles). */
export interface Profile { name: string; nav: string[]; home: string; words: Record<string, { label?: Label; plural?: Label }> }
export interface Schema {
  version: number
  profile?: Profile | null
  company?: string | null
  base_currency: string
  zone: string
  may?: string[]
  objects: SchemaObject[]
}

export type Rec = { id: number; rev: number } & Record<string, unknown>
export interface BoardColumn { value: string | number | null; title?: string; filter: string; page: Page }
export interface Board { by: string; columns: BoardColumn[] }
export interface Page { items: Rec[]; next: string | null; total?: { count: number; capped: boolean } }

export interface FieldProblem { pointer: string; code: string; detail: string }
export interface ProblemBody {
  status: number
  code?: string
  title?: string
  detail?: string
  params?: Record<string, unknown>
  errors?: FieldProblem[]
}

export interface WhyEntry { label: Label; value?: unknown; amount?: number; detail?: Label; filter?: string; object?: string }
export interface AsOf { seq: number; state_clock: string }
export interface CustomerState {
  as_of: AsOf
  currency: string
  /* parts the caller may not see are null */
  value: { historical: Money | null; current: Money | null; revenue: Money | null; why: WhyEntry[] } | null
  tier: {
    assigned: string | null; live: string | null; rank: number | null; of: number | null; key: Money | null; basis: string; window: string
    since: string | null; pinned: boolean; poor_credit: boolean
    next: { tier: string; amount_missing: number } | null; why: WhyEntry[]
  } | null
  lifecycle: { stage: string | null; since: string | null; rule: string | null; next_change: string | null; why: WhyEntry[] } | null
  rfm: {
    recency_days: number; frequency: number; monetary: Money; r: number; f: number; m: number; cell: string
    group: string; group_zh: string; cuts_version: number; why: WhyEntry[]
  } | null
  purchases: { count: number; first_at: string | null; last_at: string | null; mean_interval_days: number | null; last4: string[] } | null
  returns: { count: number; amount: Money | null } | null
  last_interaction_at: string | null
}
export interface TimelineItem {
  kind: string; id: number; at: string; title: string; amount: Money | null; status: string | null
  direction: string | null; subtype: string | null; detail: string | null
}
export interface TimelinePage { items: TimelineItem[]; next: string | null }

export interface TierLevel {
  tier: string; label: Label; count: number; assigned: number; value: Money; revenue: Money; share_bp: number | null; threshold: Money | null
}
export interface Tiers {
  as_of: AsOf; currency: string; basis: string; window: string; ranked: number; advice: Label | null; notice: Label | null; levels: TierLevel[]
  outside: number; poor_credit: number; pinned: number
  concentration: { top_share: number; share_bp: number | null; top_sum: Money; total: Money; why: WhyEntry[] }
  by_stage: { tier: string; stage: string; count: number }[]
}
export interface RfmGroup { group: string; label?: Label; count: number; value: Money; filter?: string }
export interface RfmSummary { mean: number; median: number; max: number }
export interface Rfm {
  cuts: { version: number; at: string; recency_days: number[]; frequency: number[]; monetary: number[] } | null
  population: number
  summary: { recency: RfmSummary; frequency: RfmSummary; monetary: RfmSummary } | null
  groups: RfmGroup[]; groups_zh: RfmGroup[]
  cells: { r: number; f: number; m: number; count: number }[]
}
export type Range = [number, number]
export interface SearchItem { object: string; id: number; title: string; title_ranges: Range[]; subtitle: string; match: string; match_ranges: Range[]; field: string; how: 'exact' | 'pinyin' | 'initials' | 'typo' }
export interface SearchResult { items: SearchItem[]; groups: { object: string; count: number; capped: boolean }[]; building?: { done: number; total: number } }
export interface Setting { key: string; value: unknown; default: unknown; label: Label; help?: Label; type: string; unit?: 'bp' | 'currency'; min?: number; max?: number; options?: FieldOption[] | string[] }

export interface HistoryStep { field: string; before: unknown; after: unknown; erased: boolean }
export interface HistoryEntry {
  seq: number; at: string; actor: Ref | null; door: string; kind: string; operation: number
  bulk: { kind: string; label: string } | null; undone_by: number | null; fields: HistoryStep[]
}
export interface HistoryPage { items: HistoryEntry[]; next: number | null }
export interface AuditEntry {
  seq: number; at: string; actor: Ref | null; door: string; kind: string; operation: number; object: string | null; record: Ref | null
  fields: string[]; bulk: { kind: string; label: string; status: string } | null; event: { event: string } | null; undone_by: number | null
}
export interface AuditPage { items: AuditEntry[]; next: number | null }
export interface UndoResult {
  operation: number | null; records: number; fields: number; binned: number; restored: number; job?: number
  conflicts: { object: string; id: number; field: string | null; why: string; detail: string | null }[]; more_conflicts: number
}
export interface BinObject { object: string; count: number; capped: boolean }
export interface BinRow { id: number; title: string | null; rev: number; deleted_at: string; deleted_by: Ref | null; purge_at: string }
export interface BinPage { items: BinRow[]; next: string | null }
export interface Job {
  id: number; kind: string; label: Label; subject: string; status: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  progress: { done: number; total: number }; attempts: number; cancel: boolean; actor: Ref | null
  run_at: string; created_at: string; started_at: string | null; finished_at: string | null; result: Record<string, unknown> | null; error: string | null
}
export interface JobPage { items: Job[]; next: number | null }

/* ---- members, teams, roles ---- */
export interface RefTitle { id: number; title: string | null }
export interface Member {
  id: number; rev: number; name: string; email: string; active: boolean; lang: string | null; role: RefTitle | null; admin: boolean
  team: RefTitle | null; roles: RefTitle[]; teams: RefTitle[]; seen_at: string | null; sessions: number; has_password: boolean
}
export interface Team { id: number; rev: number; name: string; parent: number | null; manager: RefTitle | null; members: number }
export type Rights = Record<string, Record<string, string>>
export interface Role {
  id: number; rev: number; code: string; name: string; label: Label | null; note: string; admin: boolean; custom: boolean; pack: boolean
  members: number; rights: Rights; fields: Rights; may: string[]
}
export interface RoleName { name: string; label: Label }
export interface RolesAnswer { items: Role[]; actions: RoleName[]; scopes: RoleName[]; levels: RoleName[]; may: RoleName[] }
export interface FileRow { id: number; rev: number; name: string; size: number; media_type: string; owner: Ref | null; created_at: string }
export interface Notice { id: number; kind: string; object: string | null; record: Ref | null; job: string | null; at: string; read: boolean; actor: Ref | null }
export interface NoticePage { items: Notice[]; next: number | null; unread: number }
