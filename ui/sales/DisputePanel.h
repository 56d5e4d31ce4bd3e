#pragma once

#include "core/api/Session.h"
#include "ui/kit/Widgets.h"

#include <functional>

class QPlainTextEdit;
class QRadioButton;

namespace tallylock::ui {

class Banner;
class Context;

/// What was held back from the seller: the buyer looks at the file and lets it go, or objects; then both say what they
/// have to say, and somebody else decides.
class DisputePanel : public Card {
    Q_OBJECT
public:
    DisputePanel(Context& context, Banner* banner, QWidget* parent = nullptr);
    /// Hides itself where there is nothing to be said.
    void setSale(const api::SaleDetail& detail);

private:
    void makeForm();
    void showObjection();
    void showDispute(const api::DisputeRow& dispute);
    void showStatements(const api::DisputeRow& dispute);
    QString verdictOf(const api::DisputeRow& dispute) const;
    void openForm(bool open);
    void keepLength();
    void showButtons();
    void submit();
    void release();
    void send(const std::function<void(api::Done<void>)>& request, const QString& done);

    Context& m_context;
    Banner* m_banner;
    api::SaleDetail m_sale;
    bool m_busy = false;
    bool m_formOpen = false;
    QLabel* m_heading;
    QLabel* m_story;
    QWidget* m_statements;
    QWidget* m_form;
    QWidget* m_claims;
    QRadioButton* m_notAsDescribed;
    QRadioButton* m_badData;
    QLabel* m_label;
    QPlainTextEdit* m_text;
    QPushButton* m_send;
    QPushButton* m_content;
    QPushButton* m_object;
};

} // namespace tallylock::ui
