// A story asks a node what a person would ask, waits for each answer, and stops at the first refusal. It knows nothing
// but core/api, and goes on where it was when it is told again on the same folder: before each act it looks whether
// the act has been done.
#pragma once

#include "app/servers/EventLoop.h"
#include "core/api/Session.h"

#include <functional>
#include <set>

namespace tallylock::cli {

/// Ends a story. Caught by the command that runs it.
struct StoryFailed {
    std::string message;
};

using SessionPtr = std::shared_ptr<api::Session>;

class Story {
public:
    Story(app::EventLoop& loop, api::Node& node) : m_loop(loop), m_node(node) {}

    /// Opens the profile, or creates it with a fresh phrase. The demo's people are worth nothing: their passphrase is
    /// no secret.
    SessionPtr person(const std::string& name);

    template <class T, class Question>
    T ask(const std::string& what, Question question) {
        auto answer = m_loop.ask<T>(std::move(question));
        if (!answer) failed(what, answer.error());
        if constexpr (!std::is_void_v<T>) return std::move(*answer);
    }
    /// Runs until the act says that it is done; it is tried again whenever one of the people hears news.
    void until(const std::string& what, const std::vector<SessionPtr>& people, const std::function<bool()>& act);
    /// Pays so much in all to an address or bank reference, however often the story is told.
    void payUpTo(const std::string& identifier, const api::Amount& amount);

    app::EventLoop& loop() { return m_loop; }
    api::Node& node() { return m_node; }

private:
    [[noreturn]] static void failed(const std::string& what, const api::Refusal& refusal);

    app::EventLoop& m_loop;
    api::Node& m_node;
};

/// How a sale goes.
enum class SaleTale : std::uint8_t {
    Sale,        ///< the seller takes the offer, and all goes well
    Bargain,     ///< the seller asks for more, and the buyer meets it
    Void,        ///< the buyer never pays, and a deadline passes
    Refund,      ///< the buyer pays too little, a deadline passes, and the coins go back
    Dispute,     ///< the buyer objects to what was opened, and whoever runs the node decides
    Undelivered, ///< the sealed file is gone when the buyer has paid, and the coins go back
    Rekeying,    ///< the key server falls silent once the seller is paid, and the standby takes over
    KeyLost,     ///< the standby is silent as well, and the guarantee makes the buyer whole
    Requoted,    ///< the buyer pays half of it in time, agrees to the next quote, and pays the rest
    Early,       ///< the first part of the key comes with the file
    OneChannel,  ///< both parts of the key come the same way
    Ownership,   ///< only the ownership passes
    Converted,   ///< the buyer's own coins bring the seller's dollars
    Unsold,      ///< nobody makes an offer
};
struct SalePlan {
    SaleTale tale{};
    std::string path;       ///< what is sold
    std::string openedPath; ///< where it is opened
    /// Until this time has passed; not at all if it has. Told again after a crash, nobody waits twice.
    std::function<void(std::int64_t)> waitUntil;
    std::function<void(bool)> loseFile; ///< the sealed one, wherever it lies; false: it is found again
};

/// The file in the shop, before there is any offer.
ListingId tellListing(Story& story, const SessionPtr& seller, const SessionPtr& buyer, const SalePlan& plan);
/// One sale of a file from its seller to its buyer.
struct SaleOutcome {
    SaleId sale;
    std::string openedPath;       ///< empty in a tale that ends before the file is opened
    bool hasBroughtCoins = false; ///< to the house, which sells them
};
SaleOutcome tellSale(Story& story, const SessionPtr& seller, const SessionPtr& buyer, const SalePlan& plan);

/// One trade: a user of an institution buys bitcoin from a second account.
struct TradePeople {
    SessionPtr institution;
    SessionPtr trader;
    SessionPtr second;
};
void tellTrade(Story& story, const TradePeople& people);
/// Somebody bids for coins that are to be sold.
void tellBid(Story& story, const TradePeople& people);
/// The house sells what a sale has brought it in coins, as soon as somebody bids for them: here the trader does.
void tellCoins(Story& story, const TradePeople& people, const SessionPtr& buyer, SaleId sale);

} // namespace tallylock::cli
