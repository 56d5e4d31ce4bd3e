// Reminds of what a person has to do in a sale before it is too late. Names the sale and the time, no amounts: it may
// be read over a shoulder.
#pragma once

#include "core/api/Rows.h"

#include <QObject>

#include <set>

namespace tallylock::ui {

class Context;

class Reminders : public QObject {
    Q_OBJECT
public:
    /// Before a deadline, in milliseconds: once each.
    static constexpr std::int64_t kBeforeMs[] = {std::int64_t{60} * 60 * 1000, std::int64_t{10} * 60 * 1000};

    explicit Reminders(Context& context, QObject* parent = nullptr);
    /// By itself every half minute, and when a sale changes.
    void look();

signals:
    void due(quint64 sale, const QString& text);

private:
    void remind(const std::vector<api::SaleRow>& sales);
    /// `text` takes the sale's title and the time that is left.
    void remind(const api::SaleRow& sale, std::int64_t untilMs, const QString& text);

    Context& m_context;
    /// Sale, until when, and how many reminders of it have been given: another deadline is another matter.
    std::set<std::tuple<SaleId, std::int64_t, std::size_t>> m_given;
};

} // namespace tallylock::ui
