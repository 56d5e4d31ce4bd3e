#include "core/net/RemoteFiles.h"

namespace tallylock::net {

using ports::StoreError;
using ports::StoreFailure;
using wire::FileRefused;

namespace {

constexpr std::int64_t kPatienceMs = 30'000; ///< for a connection that has broken
constexpr int kMostBreaks = 5;               ///< during one call

using Future = std::future<FileAnswer>;
using Make = std::function<wire::ToServer(std::uint64_t)>;

Future askLater(Remote::Core& core, Make make) {
    const auto promise = std::make_shared<std::promise<FileAnswer>>();
    Future future = promise->get_future();
    core.askFile(std::move(make), [promise](FileAnswer answer) { promise->set_value(std::move(answer)); });
    return future;
}

StoreFailure cutOff() { return {StoreError::Io, "the server cannot be reached"}; }

StoreFailure failureOf(FileRefused why) {
    switch (why) {
    case FileRefused::OtherFile: return {StoreError::Damaged, "the server has received another file"};
    case FileRefused::NotAllowed: return {StoreError::Io, "the server takes files only of those who have an account"};
    case FileRefused::TooMany: return {StoreError::Io, "the server takes no more files now, or none of this size"};
    default: return {StoreError::Io, std::string("the server answers: ") + wire::nameOf(why)};
    }
}

/// Whether asking where the file stands may help.
bool isPassing(FileRefused why) {
    return why == FileRefused::Busy || why == FileRefused::OutOfOrder || why == FileRefused::NotHere;
}

template <class Wanted>
Result<Wanted, StoreFailure> readAnswer(FileAnswer&& answer) {
    if (!answer) return Err(cutOff());
    if (auto* wanted = std::get_if<Wanted>(&*answer)) return std::move(*wanted);
    if (const auto* refused = std::get_if<wire::FileNotDone>(&*answer)) return Err(failureOf(refused->why));
    return Err(StoreFailure{StoreError::Io, "another answer than was asked for"});
}

/// Asks until there is an answer; nothing if no connection comes.
FileAnswer askPatiently(Remote::Core& core, const Make& make) {
    for (int breaks = 0; breaks < kMostBreaks; ++breaks) {
        if (!core.waitForConnection(kPatienceMs)) return std::nullopt;
        auto answer = askLater(core, make).get();
        const auto* refused = answer ? std::get_if<wire::FileNotDone>(&*answer) : nullptr;
        if (answer && !(refused && refused->why == FileRefused::Busy)) return answer;
        if (refused) std::this_thread::sleep_for(std::chrono::milliseconds(50 << breaks));
    }
    return std::nullopt;
}

class RemoteUpload final : public ports::FileStore::Upload {
public:
    RemoteUpload(std::shared_ptr<Remote::Core> core, const Hash& root, std::uint64_t there)
        : m_core(std::move(core)),
          m_root(root),
          m_begunAt(there),
          m_size(there) {}

    std::uint64_t there() const override { return m_begunAt; }

    Result<void, StoreFailure> write(ByteView more) override {
        for (int breaks = 0; !more.empty();) {
            const std::uint64_t before = m_size;
            const auto sent = send(more);
            more = more.subspan(static_cast<std::size_t>(m_size - before));
            if (sent) continue;
            if (m_isRefused || ++breaks > kMostBreaks) return sent;
            // Where does it stand there?
            auto state = readAnswer<wire::FileState>(askPatiently(*m_core, [this](std::uint64_t number) {
                return wire::FileBegin{number, m_root};
            }));
            if (!state) return Err(state.error());
            const std::uint64_t at = state->size;
            if (at < m_size || at - m_size > more.size())
                return Err(StoreFailure{StoreError::Io, "the server has forgotten what it had of the file"});
            more = more.subspan(static_cast<std::size_t>(at - m_size));
            m_size = at;
        }
        return {};
    }

    Result<std::size_t, StoreFailure> readAt(std::uint64_t, std::span<std::uint8_t>) override {
        return Err(StoreFailure{StoreError::Io, "what is being brought is at the server"});
    }

    Result<void, StoreFailure> commit() override {
        auto state = readAnswer<wire::FileState>(askPatiently(*m_core, [this](std::uint64_t number) {
            return wire::FileEnd{number, m_root};
        }));
        if (!state) return Err(state.error());
        if (state->size != m_size)
            return Err(StoreFailure{StoreError::Damaged, "the server has a file of another size"});
        return {};
    }

private:
    /// All pieces go out at once, and m_size follows what is taken.
    Result<void, StoreFailure> send(ByteView more) {
        std::vector<std::pair<std::size_t, Future>> under;
        for (std::size_t at = 0; at < more.size(); at += wire::kMostPiece) {
            const std::size_t size = std::min(wire::kMostPiece, more.size() - at);
            const auto piece = std::make_shared<Bytes>(bytesOf(more.subspan(at, size)));
            under.emplace_back(size, askLater(*m_core, [=, this, offset = m_size + at](std::uint64_t number) {
                                   return wire::FileWrite{number, m_root, offset, std::move(*piece)};
                               }));
        }
        Result<void, StoreFailure> outcome;
        for (auto& [size, future] : under) {
            FileAnswer answer = future.get();
            const auto* refused = answer ? std::get_if<wire::FileNotDone>(&*answer) : nullptr;
            m_isRefused = m_isRefused || (refused && !isPassing(refused->why));
            auto state = readAnswer<wire::FileState>(std::move(answer));
            if (!outcome) continue; // those behind a refused one are refused, too
            if (!state) {
                outcome = Err(state.error());
            } else {
                m_size += size;
            }
        }
        return outcome;
    }

    std::shared_ptr<Remote::Core> m_core;
    Hash m_root;
    std::uint64_t m_begunAt;
    bool m_isRefused = false; ///< for good
    std::uint64_t m_size;
};

} // namespace

Result<std::uint64_t, StoreFailure> RemoteFiles::sizeOf(const Hash& sealedRoot) {
    const auto state = readAnswer<wire::FileState>(askPatiently(*m_core, [&](std::uint64_t number) {
        return wire::FileQuery{number, sealedRoot};
    }));
    if (!state) return Err(state.error());
    return state->size;
}

Result<std::unique_ptr<ports::FileStore::Upload>, StoreFailure> RemoteFiles::upload(const Hash& sealedRoot) {
    const auto state = readAnswer<wire::FileState>(askPatiently(*m_core, [&](std::uint64_t number) {
        return wire::FileBegin{number, sealedRoot};
    }));
    if (!state) return Err(state.error());
    return std::unique_ptr<Upload>(std::make_unique<RemoteUpload>(m_core, sealedRoot, state->size));
}

Result<std::size_t, StoreFailure> RemoteFiles::read(const Hash& sealedRoot, std::uint64_t offset,
                                                    std::span<std::uint8_t> into) {
    std::size_t there = 0;
    for (int breaks = 0; there < into.size() && breaks < kMostBreaks; ++breaks) {
        if (!m_core->waitForConnection(kPatienceMs)) return Err(cutOff());
        std::vector<Future> under; // all at once
        for (std::size_t at = there; at < into.size(); at += wire::kMostPiece) {
            const auto size = static_cast<std::uint32_t>(std::min(wire::kMostPiece, into.size() - at));
            under.push_back(askLater(*m_core, [=, where = offset + at](std::uint64_t number) {
                return wire::FileRead{number, sealedRoot, where, size};
            }));
        }
        bool isWhole = true;
        for (Future& future : under) {
            FileAnswer answer = future.get();
            if (!isWhole) continue; // it comes again, behind the one that is missing
            const auto* refused = answer ? std::get_if<wire::FileNotDone>(&*answer) : nullptr;
            if (!answer || (refused && refused->why == FileRefused::Busy)) {
                isWhole = false;
                continue;
            }
            auto piece = readAnswer<wire::FilePiece>(std::move(answer));
            if (!piece) return Err(piece.error());
            const std::size_t wanted = std::min(wire::kMostPiece, into.size() - there);
            const std::size_t size = std::min(piece->piece.size(), wanted);
            std::copy_n(piece->piece.begin(), size, into.begin() + static_cast<std::ptrdiff_t>(there));
            there += size;
            if (size < wanted) return there; // the end
        }
        if (isWhole) return there;
    }
    if (there == 0 && !into.empty()) return Err(cutOff());
    return there;
}

} // namespace tallylock::net
