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
    const std::int64_t now = nowMs();
    for (const api::SaleRow& sale : sales) {
        if (!sale.needsMe || sale.deadlineMs <= now) continue;
        // The last that is due; those before it have been missed, and say nothing new.
        std::size_t stage = 0;
        while (stage < std::size(kBeforeMs) && sale.deadlineMs - now <= kBeforeMs[stage]) ++stage;
        if (stage == 0 || !m_given.insert({sale.id, sale.deadlineMs, stage}).second) continue;
        emit due(sale.id.value, tr("“%1” waits for you: %2.").arg(saleTitle(sale), deadlineText(sale.deadlineMs)));
    }
}

} // namespace tallylock::ui
