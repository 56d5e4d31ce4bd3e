#include "tests/audit/auditor/Events.h"

#include "tests/audit/auditor/Books.h"

namespace tallylock::audit {

std::string wordOf(const Item& item) {
    switch (item.kind()) {
    case Item::Kind::Unsigned: return std::to_string(item.number());
    case Item::Kind::Text: return item.text();
    case Item::Kind::Octets: return item.bytes();
    case Item::Kind::Bool: return item.flag() ? "true" : "false";
    case Item::Kind::Array: return textOf(Money::of(item));
    default: throw Malformed("no simple field");
    }
}

} // namespace tallylock::audit
