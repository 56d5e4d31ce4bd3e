// Which automatic acts are under way, so that a second push of the same sale does not start one twice, and how long to
// wait before the next try of one that failed.
#pragma once

#include "core/party/Server.h"

#include <map>
#include <set>

namespace tallylock::party {

enum class Act {
    AcceptCounter,
    Deposit,
    DepositAnew, // with the standby key server
    SignTerms,
    SignFunding,
    ConfirmDelivery,
    FetchPart1,
    FetchPart2,
    ShowPayout,
    ConfirmUnlock,
    PassCustody,
    PassOwnership
};

class Attempts {
public:
    /// False if it is under way already.
    [[nodiscard]] bool begin(SaleId sale, Act act) { return m_running.insert({sale, act}).second; }
    void succeeded(SaleId sale, Act act) {
        m_running.erase({sale, act});
        m_backoffs.erase({sale, act});
    }
    /// Gives the time to wait.
    std::int64_t failed(SaleId sale, Act act) {
        m_running.erase({sale, act});
        return m_backoffs[{sale, act}].nextMs();
    }

private:
    std::set<std::pair<SaleId, Act>> m_running;
    std::map<std::pair<SaleId, Act>, Backoff> m_backoffs;
};

} // namespace tallylock::party
