// Part 2 by mail: submission to one mail server (RFC 6409), always over TLS, whose certificate is checked. libcurl
// speaks SMTP; nothing of what it says reaches a log.
#pragma once

#include "core/ports/WordCourier.h"

namespace tallylock::rails {

enum class MailTls {
    StartTls, ///< mostly port 587; a server that does not offer it gets nothing
    Implicit, ///< mostly port 465
};

struct MailServer {
    std::string host;
    std::uint16_t port = 587;
    MailTls tls{};
    std::string sender;       ///< an address (Addresses.h)
    SecretBytes user;         ///< empty: no login
    SecretBytes password;     ///< as UTF-8
    std::string authorities;  ///< a PEM file; empty: those of the system
    long patienceMs = 60'000; ///< of one attempt, connecting included
};

class MailCourier final : public ports::WordCourier {
public:
    explicit MailCourier(MailServer server);
    wire::PartTwoWay way() const override { return wire::PartTwoWay::Mail; }
    bool takes(const std::string& address) const override;
    ports::LetterOutcome send(const ports::WordLetter& letter, JobControl& control) override;

private:
    MailServer m_server;
};

} // namespace tallylock::rails
