// The file store of a server that is reached over a network. Its calls wait; a connection that breaks meanwhile is
// waited for, and what was under way goes on.
#pragma once

#include "core/net/RemoteCore.h"

#include <future>

namespace tallylock::net {

/// Any thread but the network's.
class RemoteFiles final : public ports::FileStore {
public:
    explicit RemoteFiles(std::shared_ptr<Remote::Core> core) : m_core(std::move(core)) {}

    Result<std::uint64_t, ports::StoreFailure> sizeOf(const Hash& sealedRoot) override;
    Result<std::unique_ptr<Upload>, ports::StoreFailure> upload(const Hash& sealedRoot) override;
    Result<std::size_t, ports::StoreFailure> read(const Hash& sealedRoot, std::uint64_t offset,
                                                  std::span<std::uint8_t> into) override;

private:
    std::shared_ptr<Remote::Core> m_core;
};

} // namespace tallylock::net
