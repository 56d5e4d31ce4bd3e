// What people have signed inside their commands, and the sale keeps: it must be theirs, whoever brought it.
#include "tests/audit/auditor/SaleAuditor.h"

#include <string_view>

namespace tallylock::audit {

namespace {
constexpr std::uint64_t kTermsHash = 19;

enum class Whose { Buyer, Seller, KeyServer, StandbyServer };
/// Where it stands in a sale. A signature in the field of its statement has the key 2 there, and the statement 1.
constexpr struct {
    std::uint64_t statement;
    std::uint64_t signature;
    std::string_view label;
    Whose whose;
} kSigned[] = {
    {kTermsHash, 20, "accept-terms", Whose::Seller},
    {kTermsHash, 21, "accept-terms", Whose::Buyer},
    {22, 22, "r4", Whose::KeyServer},
    {32, 33, "r8", Whose::Buyer},
    {40, 40, "r4", Whose::StandbyServer},
    {44, 44, "custody-entry", Whose::Seller},
};

/// What is signed: the label with its length before it, then the statement.
Bytes framed(std::string_view name, const Bytes& statement) {
    const std::string label = "tallylock/v1/" + std::string(name);
    Bytes bytes;
    bytes.reserve(1 + label.size() + statement.size()); // g++ 12 warns of what it takes for too small otherwise
    bytes.push_back(static_cast<std::uint8_t>(label.size()));
    bytes.insert(bytes.end(), label.begin(), label.end());
    bytes.insert(bytes.end(), statement.begin(), statement.end());
    return bytes;
}
/// {1: hash}
Bytes termsAcceptance(const Item& hash) {
    Bytes statement{0xa1, 0x01};
    const Bytes encoded = hash.encoded();
    statement.insert(statement.end(), encoded.begin(), encoded.end());
    return statement;
}
} // namespace

void SaleAuditor::checkSignatures(Sale& sale, std::uint64_t id, const Item& body) {
    for (const auto& one : kSigned) {
        const Item* field = body.find(one.signature);
        if (!field) continue;
        const bool isInside = one.statement == one.signature;
        const std::string& signature = isInside ? field->at(2).bytes() : field->bytes();
        std::string& known = sale.signatures[one.signature];
        if (known == signature) continue;
        known = signature;
        const Item& said = isInside ? field->at(1) : body.at(one.statement);
        const Bytes statement = one.statement == kTermsHash ? termsAcceptance(said) : said.encoded();
        const std::string* key = nullptr;
        switch (one.whose) {
        case Whose::Buyer: key = &sale.buyersKey; break;
        case Whose::Seller: key = &sale.sellersKey; break;
        case Whose::KeyServer: key = &m_keyServer; break;
        case Whose::StandbyServer: key = &m_standby; break;
        }
        require(m_verify(*key, framed(one.label, statement), signature), SaleInvariant::SignedByWhomItTakes, id,
                "what it says is signed is not");
    }
}

} // namespace tallylock::audit
