#include "core/party/Keeper.h"

#include "core/crypto/Aead.h"
#include "core/crypto/Hash.h"

namespace tallylock::party {

static Bytes keptContext(const keys::Identity& owner) { return crypto::frame("kept", crypto::cborList(owner.key())); }

Bytes sealKept(const keys::Identity& owner, const Kept& record, Random& random) {
    return crypto::aeadSeal(owner.vaultKey(), encodeCbor(record), keptContext(owner), random);
}

std::optional<Kept> openKept(const keys::Identity& owner, ByteView sealed) {
    const auto plain = crypto::aeadOpen(owner.vaultKey(), sealed, keptContext(owner));
    if (!plain) return std::nullopt;
    auto record = decodeCbor<Kept>(plain->view());
    if (!record) return std::nullopt; // of a newer version
    return std::move(*record);
}

void Keeper::keepAll() {
    if (!m_begun) return;
    std::vector<std::pair<Hash, Kept>> fresh; // the diary changes while they are submitted
    for (const auto& [id, record] : m_diary.unkept())
        if (m_onTheirWay.insert(id).second) fresh.emplace_back(id, record);
    for (const auto& [id, record] : fresh)
        m_outbox.submit(engine::KeepRecord{sealKept(m_identity, record, m_random)},
                        [this, id = id](const Result<wire::Submitted, api::Refusal>& submitted) {
                            // A full store is not asked again in this run: everything goes on without it.
                            if (!submitted) m_onTheirWay.erase(id);
                        });
}

} // namespace tallylock::party
