#include "tests/audit/auditor/Events.h"

#include "tests/audit/auditor/Outcome.h"

namespace tallylock::audit {

std::string wordOf(const Item& item) {
    const auto listed = [](const std::string& open, const std::vector<std::string>& words, const std::string& close) {
        std::string text = open;
        for (const std::string& word : words) text += (text == open ? "" : ",") + word;
        return text + close;
    };
    std::vector<std::string> words;
    switch (item.kind()) {
    case Item::Kind::Unsigned:
    case Item::Kind::Negative:
        return item.kind() == Item::Kind::Unsigned ? std::to_string(item.number()) : std::to_string(item.integer());
    case Item::Kind::Text: return item.text();
    case Item::Kind::Octets: return item.bytes();
    case Item::Kind::Bool: return item.flag() ? "true" : "false";
    case Item::Kind::Array:
        if (item.list().size() == 2 && item.list()[1].kind() == Item::Kind::Octets) return textOf(Money::of(item));
        for (const Item& one : item.list()) words.push_back(wordOf(one));
        return listed("[", words, "]");
    case Item::Kind::Map:
        for (const std::uint64_t key : item.keys()) words.push_back(std::to_string(key) + ":" + wordOf(item.at(key)));
        return listed("{", words, "}");
    }
    throw Malformed("no field");
}

Audience audienceOf(std::uint64_t type, const Item& body) {
    Audience who;
    const auto add = [&](const Item& holder) {
        if (holder.number() != 0) who.holders.insert(holder.number());
    };
    switch (type) {
    case kIdentifierWanted:
    case kCaseChanged: // who is watched must not know
    case kWatchRuleChanged:
    case kWatchedAddressesChanged: break;
    case kWithdrawalFeeSet:
    case kInstrumentOpened:
    case kInstrumentSteered:
    case kReferenceWindowSet:
    case kLevelChanged:
    case kTradePublished: who.everybody = true; break;
    case kPayoutAddressChanged:
    case kWithdrawalChanged: add(body.at(1).at(2)); break;
    case kOrderPlaced: add(body.at(3)); break;
    case kOrderChanged:
    case kOrderReplaced:
    case kDeadManChanged: add(body.at(2)); break;
    case kLedgerPosted:
        for (const Item& leg : body.at(5).list()) add(leg.at(1).at(1));
        break;
    case kInstructionExecuted:
        add(body.at(1).at(5));
        add(body.at(1).at(6));
        break;
    default: add(body.at(1)); // a holder, if any
    }
    return who;
}

} // namespace tallylock::audit
