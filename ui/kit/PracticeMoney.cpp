#include "ui/kit/PracticeMoney.h"

#include "core/money/Decimal.h"
#include "ui/kit/Ask.h"

#include <QCoreApplication>

namespace tallylock::ui {

namespace {

class PracticeTexts {
    Q_DECLARE_TR_FUNCTIONS(PracticeTexts)
};

constexpr money::UnitId kDollars = money::kUsd;
constexpr money::UnitId kCoins = money::kBtc;

api::Amount practiceDollars() { return *money::parseAmount("10000", kDollars); }
api::Amount practiceCoins() { return *money::parseAmount("1", kCoins); }

} // namespace

void addPracticeMoney(Context& context, QObject* owner, Banner* banner, std::function<void()> done) {
    QPointer<Context> where(&context);
    const auto finish = [banner = QPointer<Banner>(banner), done, where] {
        if (banner && where)
            banner->succeed(PracticeTexts::tr("%1 and %2 of practice money are on their way. They are worth nothing.")
                                .arg(where->units().text(practiceDollars()), where->units().text(practiceCoins())));
        if (done) done();
    };
    const auto sendCoins = [=] {
        if (!where || !where->practice()) return;
        where->session().depositIdentifier(kCoins, ask(owner, banner, [=](const api::DepositRow& row) {
                                               if (where && where->practice())
                                                   where->practice()->payToAddress(kCoins, row.identifier,
                                                                                   practiceCoins(),
                                                                                   ask(owner, banner, finish));
                                           }));
    };
    context.session().depositIdentifier(kDollars, ask(owner, banner, [=](const api::DepositRow& row) {
                                            if (where && where->practice())
                                                where->practice()->bankTransfer(kDollars, row.identifier,
                                                                                practiceDollars(),
                                                                                ask(owner, banner, sendCoins));
                                        }));
}

void startPracticeCounterparty(Context& context, QObject* owner, Banner* banner, std::function<void()> done) {
    if (!context.practice()) return;
    context.practice()->startCounterparty(ask(owner, banner, [shown = QPointer<Banner>(banner), done] {
        if (shown) shown->succeed(PracticeTexts::tr("The practice counterparty is playing the other side now."));
        if (done) done();
    }));
}

} // namespace tallylock::ui
