#include "core/market/ReferenceWindow.h"

#include "core/base/Planted.h"

#include <algorithm>

namespace tallylock::market {

using money::Int128;

void ReferenceWindow::add(std::int64_t nowMs, std::int64_t priceTicks, std::int64_t lots) {
    if (TALLYLOCK_PLANTED(WindowUnweighted)) lots = 1;
    const std::int64_t number = numberAt(nowMs);
    Part& part = m_parts[static_cast<std::size_t>(number) % kParts];
    if (part.number != number) part = {number, 0, 0};
    const Int128 more = Int128{priceTicks} * lots;  // an instrument's largest trade fits
    if (more > kMostInPart - part.tickLots) return; // beyond all money there is; its price stays
    part.tickLots += more;
    part.lots += lots;
}

std::int64_t ReferenceWindow::priceTicks(std::int64_t nowMs) const {
    if (!isOn()) return 0;
    const std::int64_t number = numberAt(nowMs);
    Int128 tickLots = 0;
    Int128 lots = 0;
    for (const Part& part : m_parts) {
        const bool counts = isWithin(part, number) || (TALLYLOCK_PLANTED(WindowLasting) && part.lots != 0);
        if (!counts) continue;
        tickLots += part.tickLots;
        lots += part.lots;
    }
    return lots == 0 ? 0 : static_cast<std::int64_t>(tickLots / lots);
}

// [window, [number, ticks x lots, lots]...], the parts by number; those that are empty are left out.
void ReferenceWindow::save(CborWriter& writer) const {
    std::array<Part, kParts> parts = m_parts;
    std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.number < b.number; });
    const auto used = std::count_if(parts.begin(), parts.end(), [](const Part& part) { return part.lots != 0; });
    writer.array(2);
    writer.signedInt(m_windowMs);
    writer.array(static_cast<std::uint64_t>(used) * 3);
    for (const Part& part : parts) {
        if (part.lots == 0) continue;
        writer.signedInt(part.number);
        writeCbor(writer, part.tickLots);
        writeCbor(writer, part.lots);
    }
}

ReferenceWindow ReferenceWindow::load(CborReader& reader) {
    ReferenceWindow window;
    if (reader.array(2) != 2) reader.fail(CborError::WrongType);
    window.m_windowMs = reader.signedInt();
    const std::uint64_t numbers = reader.array(kParts * 3);
    if (!isGoodLength(window.m_windowMs) || numbers % 3 != 0 || (numbers != 0 && !window.isOn())) {
        reader.fail(CborError::OutOfRange);
    }
    std::int64_t last = -1;
    for (std::uint64_t i = 0; i < numbers && reader.ok(); i += 3) {
        Part part;
        part.number = reader.signedInt();
        part.tickLots = readCbor<Int128>(reader);
        part.lots = readCbor<Int128>(reader);
        const bool good =
            part.number > last && part.lots > 0 && part.tickLots >= part.lots && part.tickLots <= kMostInPart;
        if (!good) reader.fail(CborError::OutOfRange);
        if (!reader.ok()) break;
        last = part.number;
        window.m_parts[static_cast<std::size_t>(part.number) % kParts] = part;
    }
    return window;
}

} // namespace tallylock::market
