#include "core/store/s3/Objects.h"

#include <algorithm>

namespace tallylock::store::s3 {

using ports::StoreError;
using ports::StoreFailure;

namespace {
constexpr std::size_t kMostKnown = 4096;
}

Result<std::optional<std::uint64_t>, StoreFailure> Objects::find(const Hash& root) {
    {
        const std::lock_guard lock(m_mutex);
        if (const auto known = m_known.find(root); known != m_known.end()) return std::optional(known->second);
    }
    Request request;
    request.method = "HEAD";
    request.key = root.hex();
    auto answer = m_connection.ask(request);
    if (!answer) return Err(answer.error());
    if (!answer->isThere) return std::optional<std::uint64_t>();
    const std::lock_guard lock(m_mutex);
    if (m_known.size() >= kMostKnown) m_known.clear();
    m_known[root] = answer->size;
    return std::optional(answer->size);
}

Result<std::size_t, StoreFailure> Objects::read(const Hash& root, std::uint64_t offset, std::span<std::uint8_t> into) {
    const auto size = find(root);
    if (!size) return Err(size.error());
    if (!*size) return Err(gone(root));
    std::size_t there = 0;
    while (there < into.size() && offset + there < **size) {
        const std::uint64_t at = offset + there;
        const auto block = blockOf(root, at / m_sizes.block, **size);
        if (!block) return Err(block.error());
        const auto from = static_cast<std::size_t>(at % m_sizes.block);
        const std::size_t count = std::min(into.size() - there, (*block)->size() - from);
        std::copy_n((*block)->begin() + static_cast<std::ptrdiff_t>(from), count,
                    into.begin() + static_cast<std::ptrdiff_t>(there));
        there += count;
    }
    return there;
}

/// Of an object of that size; as long as the object says.
Result<Objects::Block, StoreFailure> Objects::blockOf(const Hash& root, std::uint64_t index, std::uint64_t size) {
    if (Block kept = keptBlock(root, index)) return kept;
    Request request;
    request.key = root.hex();
    request.offset = index * m_sizes.block;
    request.size = std::min<std::uint64_t>(m_sizes.block, size - request.offset);
    request.most = m_sizes.block;
    auto answer = m_connection.ask(request);
    if (!answer) return Err(answer.error());
    if (!answer->isThere) return Err(gone(root));
    if (answer->body.size() != request.size)
        return Err(
            StoreFailure{StoreError::Damaged, request.key + ": the store gives another piece than was asked for"});
    Block block = std::make_shared<const Bytes>(std::move(answer->body));
    keep({root, index, block});
    return block;
}

Objects::Block Objects::keptBlock(const Hash& root, std::uint64_t index) {
    const std::lock_guard lock(m_mutex);
    const auto found = std::find_if(m_blocks.begin(), m_blocks.end(),
                                    [&](const Kept& kept) { return kept.index == index && kept.root == root; });
    if (found == m_blocks.end()) return nullptr;
    m_blocks.splice(m_blocks.begin(), m_blocks, found);
    return found->block;
}

void Objects::keep(Kept fresh) {
    const std::lock_guard lock(m_mutex);
    m_blocks.push_front(std::move(fresh));
    if (m_blocks.size() > m_sizes.blocks) m_blocks.pop_back();
}

/// What was there is not any more, or never was.
StoreFailure Objects::gone(const Hash& root) {
    const std::lock_guard lock(m_mutex);
    m_known.erase(root);
    m_blocks.remove_if([&](const Kept& kept) { return kept.root == root; });
    return {StoreError::Io, root.hex() + ": is not in the bucket"};
}

} // namespace tallylock::store::s3
