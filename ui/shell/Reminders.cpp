#include "ui/shell/Reminders.h"

#include "ui/kit/Ask.h"
#include "ui/kit/SaleText.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/View.h"

#include <QTimer>

#include <iterator>

namespace tallylock::ui {

static constexpr int kLookEveryMs = 30'000;

Reminders::Reminders(Context& context, QObject* parent) : QObject(parent), m_context(context) {
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &Reminders::look);
    timer->start(kLookEveryMs);
    connect(&context, &Context::changed, this, [this](api::Topic topic) {
        if (topic == api::Topic::Sales) look();
    });
    look();
}

void Reminders::look() {
    m_context.session().sales(askRaw(this, [this](api::Answer<std::vector<api::SaleRow>> sales) {
        if (sales) remind(*sales);
    }));
}

void Reminders::remind(const std::vector<api::SaleRow>& sales) {
    for (const api::SaleRow& sale : sales) {
        if (sale.needsMe) remind(sale, sale.deadlineMs, tr("“%1” waits for you: %2."));
        if (sale.objectUntilMs != 0) remind(sale, sale.objectUntilMs, tr("Is “%1” as described? To object: %2."));
    }
}

void Reminders::remind(const api::SaleRow& sale, std::int64_t untilMs, const QString& text) {
    const std::int64_t left = untilMs - nowMs();
    if (left <= 0) return;
    // The last that is due; those before it have been missed, and say nothing new.
    std::size_t stage = 0;
    while (stage < std::size(kBeforeMs) && left <= kBeforeMs[stage]) ++stage;
    if (stage == 0 || !m_given.insert({sale.id, untilMs, stage}).second) return;
    emit due(sale.id.value, text.arg(saleTitle(sale), deadlineText(untilMs)));
}

} // namespace tallylock::ui
