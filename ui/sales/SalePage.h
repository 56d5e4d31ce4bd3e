#pragma once

#include "core/api/Rows.h"

#include <QWidget>

#include <vector>

class QLabel;
class QPushButton;

namespace tallylock::ui {

class Badge;
class Banner;
class Context;
class CourierPanel;
class DisputePanel;
class OfferPanel;
class PayeePanel;
class PayPanel;
class QuotePanel;
class PlainLabel;
class SpotPanel;
class TimelineRow;

/// Everything about one sale: what comes next and what to do about it, then its fourteen steps.
class SalePage : public QWidget {
    Q_OBJECT
public:
    explicit SalePage(Context& context, QWidget* parent = nullptr);
    void setSale(const api::SaleDetail& detail);
    Banner* banner() const { return m_banner; }

private:
    void showHead(const api::SaleRow& sale);
    void showFacts(const api::SaleDetail& detail);
    void chooseEvidencePath();
    void saveEvidence(const QString& path);

    Context& m_context;
    Banner* m_banner;
    SaleId m_sale;
    bool m_acting = false; ///< the person has something to do here
    PlainLabel* m_name;
    Badge* m_state;
    QLabel* m_summary;
    QLabel* m_next;
    QLabel* m_who;
    QLabel* m_delivery;
    QPushButton* m_unlock;
    OfferPanel* m_offer;
    SpotPanel* m_spot;
    PayPanel* m_pay;
    QuotePanel* m_quote;
    CourierPanel* m_courier;
    PayeePanel* m_payee;
    DisputePanel* m_dispute;
    QLabel* m_facts;
    QPushButton* m_evidence;
    std::vector<TimelineRow*> m_steps;
};

} // namespace tallylock::ui
