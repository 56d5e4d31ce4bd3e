// The tables of the projections, as an operator meets them. See docs/decisions/projections-and-streams.md.
#pragma once

namespace tallylock::store {

/// Tables of another version are dropped and rebuilt from the journal: there is no migration.
inline constexpr int kProjectionVersion = 8;
extern const char* const kProjectionSchema;

} // namespace tallylock::store
