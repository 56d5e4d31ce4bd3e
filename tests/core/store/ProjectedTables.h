// Tables of a test's own, and what is asked of them: the part that is the same wherever they are.
#pragma once

#include "core/ports/Projector.h"

#include <QString>
#include <QStringList>

namespace tallylock::test {

inline ports::ProjectedPlace placeOf(std::uint64_t batch, std::uint64_t sequence) {
    ports::ProjectedPlace place{batch, sequence, {}};
    place.head.bytes[0] = static_cast<std::uint8_t>(batch);
    return place;
}

class TablesOfTest {
public:
    virtual ~TablesOfTest() = default;
    ports::Projector* operator->() { return m_projector.get(); }
    void close() { m_projector.reset(); }
    void open() {
        m_projector.reset();
        auto opened = openProjector();
        if (!opened) qFatal("%s", opened.error().detail.c_str());
        m_projector = std::move(*opened);
    }
    /// The next batch is the first one.
    void restart() { m_sequence = m_number = 0; }

    /// One command for each list of events.
    ports::ProjectedBatch next(std::vector<std::vector<engine::Event>> commands) {
        std::vector<ports::Projected> projected;
        for (auto& events : commands) projected.push_back({++m_sequence, 1000, std::move(events)});
        return {placeOf(++m_number, m_sequence), std::move(projected), {}};
    }
    void batch(std::vector<std::vector<engine::Event>> commands) {
        const ports::ProjectedBatch batch = next(std::move(commands));
        const auto done = m_projector->project({&batch, 1});
        if (!done) qFatal("%s", done.error().detail.c_str());
    }

    /// The rows of a query as text, columns joined by a bar, rows by a line's end.
    virtual QString row(const QString& sql) = 0;
    QString row(const char* sql) { return row(QString::fromLatin1(sql)); }

    /// What a reader's stream holds after a cursor: position:sequence:type.
    QString streamOf(HolderId reader, std::uint64_t cursor = 0, std::size_t limit = 100) {
        QStringList items;
        const auto page = m_projector->stream(reader, cursor, limit);
        if (!page) qFatal("%s", page.error().detail.c_str());
        for (const auto& item : *page) {
            const auto event = wire::decodeEvent(item.event);
            const auto type = std::visit([](const auto& e) { return std::decay_t<decltype(e)>::kType; }, *event);
            items << QStringLiteral("%1:%2:%3").arg(item.position).arg(item.sequence).arg(type);
        }
        return items.join(QLatin1Char(' '));
    }
    QString historyOf(HolderId reader, std::uint64_t type, std::uint64_t before = 0, std::uint32_t limit = 100,
                      SaleId sale = {}) {
        QStringList found;
        const auto page = m_projector->history(reader, {type, sale, before, limit, 0});
        if (!page) qFatal("%s", page.error().detail.c_str());
        for (const auto& row : *page) found << QString::number(row.sequence);
        return found.join(QLatin1Char(' '));
    }

protected:
    virtual Result<std::unique_ptr<ports::Projector>, ports::StoreFailure> openProjector() = 0;
    std::unique_ptr<ports::Projector> m_projector;

private:
    std::uint64_t m_sequence = 0;
    std::uint64_t m_number = 0;
};

} // namespace tallylock::test
