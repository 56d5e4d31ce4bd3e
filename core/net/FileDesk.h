// The files of a server, for its clients: pieces of what is there, and what is being brought. A file is only taken if
// its bytes are those of its root, so that nobody can take another's name; the list of its portion hashes, by which a
// buyer proves each piece, is made here and not believed.
#pragma once

#include "core/base/TaskThread.h"
#include "core/net/Server.h"

#include <map>

namespace tallylock::net {

class FileDesk {
public:
    FileDesk(const Service& service, const Limits& limits) : m_service(service), m_limits(limits) {}

    using Reply = std::variant<wire::FileState, wire::FilePiece, wire::FileNotDone>;
    /// `done` is called once, on the file thread or, if there is no room, at once.
    void ask(const IdentityKey& who, wire::ToServer message, std::function<void(Reply)> done);
    void stop() { m_thread.stop(); }

private:
    static constexpr std::size_t kMostWaiting = 1024; ///< pieces of 256 KiB at most
    using Name = std::pair<IdentityKey, Hash>;
    struct Begun {
        std::unique_ptr<ports::FileStore::Upload> upload;
        std::uint64_t size = 0;
        std::int64_t movedMs = 0;
    };
    Reply answer(const IdentityKey& who, const wire::FileQuery& query);
    Reply answer(const IdentityKey& who, const wire::FileRead& query);
    Reply answer(const IdentityKey& who, const wire::FileBegin& query);
    Reply answer(const IdentityKey& who, const wire::FileWrite& query);
    Reply answer(const IdentityKey& who, const wire::FileEnd& query);
    void forgetOld();
    std::optional<wire::FileRefused> keep(Begun& begun, const Hash& root);

    const Service& m_service;
    const Limits& m_limits;
    std::map<Name, Begun> m_begun;
    TaskThread m_thread; // last: its tasks use the others
};

} // namespace tallylock::net
