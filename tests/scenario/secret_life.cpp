// The child process of tst_secret_memory: lives a whole sale with the secrets that it is told, locks its profiles, and
// then holds still to be looked at. Secrets come through the pipe and not by arguments, which stay in memory.
#include "tests/scenario/Household.h"

#include <QCoreApplication>

#include <array>
#include <cstdio>
#include <unistd.h>

namespace {

using namespace tallylock;
using test::Household;
using SessionPointer = Household::SessionPointer;

void readFully(std::span<std::uint8_t> to) {
    while (!to.empty()) {
        const ssize_t got = ::read(STDIN_FILENO, to.data(), to.size());
        if (got <= 0) std::exit(2);
        to = to.subspan(static_cast<std::size_t>(got));
    }
}

/// One byte for the length, then the secret.
SecretBytes readSecret() {
    std::uint8_t size = 0;
    readFully({&size, 1});
    SecretBytes secret(size);
    readFully(secret.span());
    return secret;
}

/// Tells the parent where we are, and goes on when it says so.
void holdStill(const std::string& news) {
    std::printf("%s\n", news.c_str());
    std::fflush(stdout);
    std::uint8_t go = 0;
    readFully({&go, 1});
}

SessionPointer create(Household& home, const char* name) {
    api::NewProfile wanted{name, readSecret(), readSecret(), api::Keeping::Passphrase, readSecret()};
    auto made =
        home.loop.ask<SessionPointer>([&](auto done) { home.node->createProfile(std::move(wanted), std::move(done)); });
    if (!made) std::exit(3);
    return *made;
}

/// What a person would show to others lies in the folder, too: it is searched with it.
bool saveEvidence(Household& home) {
    for (const auto& [session, name] : {std::pair{home.seller, "sold"}, std::pair{home.buyer, "bought"}}) {
        const auto sales = home.salesOf(session);
        if (sales.size() != 1) return false;
        const auto evidence =
            home.loop.ask<Bytes>([&](auto done) { session->evidence(sales.front().id, std::move(done)); });
        QFile file(QString::fromStdString(home.nodeFolder() + '/' + name + ".evidence"));
        if (!evidence || !file.open(QIODevice::WriteOnly)) return false;
        file.write(reinterpret_cast<const char*>(evidence->data()), static_cast<qint64>(evidence->size()));
    }
    return true;
}

} // namespace

int main(int count, char** values) {
    const QCoreApplication app(count, values);
    Household home;
    if (!home.start()) return 4;
    home.seller = create(home, "seller");
    home.buyer = create(home, "buyer");
    if (!home.drive([](const api::SaleRow& sale) { return sale.terminal; })) {
        std::fprintf(stderr, "%s\n", home.trouble.c_str());
        return 5;
    }
    if (!saveEvidence(home)) return 6;
    home.loop.runFor(100);
    holdStill("open " + home.nodeFolder());

    home.node->lockProfile("seller");
    home.node->lockProfile("buyer");
    home.seller.reset();
    home.buyer.reset();
    home.loop.runFor(100);
    // What a careless program leaves behind, to show that it would be found.
    std::string canary;
    {
        const SecretBytes secret = readSecret();
        canary = textOf(secret.view());
    }
    holdStill("locked");
    wipe(canary);
    holdStill("wiped");
    return 0;
}
