#include "ui/shell/HistoryNotice.h"

#include "ui/kit/Ask.h"
#include "ui/kit/HistoryText.h"
#include "ui/kit/Widgets.h"

namespace tallylock::ui {

HistoryNotice::HistoryNotice(Context& context, Badge* badge, Banner* alarm, QObject* parent)
    : QObject(parent),
      m_context(context),
      m_badge(badge),
      m_alarm(alarm) {
    m_badge->setAccessibleName(tr("The coordinator's history"));
    connect(&context, &Context::changed, this, [this](api::Topic topic) {
        if (topic == api::Topic::History) refresh();
    });
    show({});
    refresh();
}

void HistoryNotice::refresh() {
    m_context.session().historyCheck(askRaw(this, [this](const api::Answer<api::HistoryCheckRow>& row) {
        if (row) show(*row);
    }));
}

void HistoryNotice::show(const api::HistoryCheckRow& row) {
    const bool wrong = row.alarm != api::HistoryAlarm::None;
    const bool checked = row.checkedMs != 0 && row.unproven == 0;
    m_badge->setText(wrong ? tr("History wrong") : checked ? tr("History checked") : tr("Checking history"));
    m_badge->setTone(wrong ? Badge::Tone::Bad : checked ? Badge::Tone::Good : Badge::Tone::Muted);
    const QString owed = owedText(row, m_context.units());
    const QString text = wrong ? historyAlarmText(row) : historySummary(row);
    m_badge->setToolTip(owed.isEmpty() ? text : text + u'\n' + owed);
    m_badge->setAccessibleDescription(m_badge->toolTip());
    if (wrong) m_alarm->refuse(text);
}

} // namespace tallylock::ui
