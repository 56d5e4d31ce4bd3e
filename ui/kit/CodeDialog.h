// Asks for the one-time code that the rules of an account want for an act, and does the act with it.
#pragma once

#include "core/api/Guard.h"
#include "ui/kit/Ask.h"

#include <QDialog>

class QPushButton;

namespace tallylock::ui {

class CodeField;

/// Six digits of the authenticator. Shown by open(), and gone when it is closed.
class CodeDialog : public QDialog {
    Q_OBJECT
public:
    explicit CodeDialog(QWidget* parent);

signals:
    void entered(const QString& code);

private:
    void take();

    CodeField* m_code;
    QPushButton* m_go;
};

/// Asks `question(Done<T>)`. If a code is missing the person is asked for it, and the question is asked once more with
/// it. `done` gets the last answer; CodeMissing, if the person has none to give. `session` outlives `owner`.
template <class T, class Question>
void askWithCode(QWidget* owner, api::Session& session, Question question, api::Done<T> done) {
    question(api::Done<T>(askRaw(owner, [owner, &session, question, done](api::Answer<T> answer) {
        if (answer || answer.error().problem != api::Problem::CodeMissing) return done(std::move(answer));
        auto* dialog = new CodeDialog(owner);
        QObject::connect(dialog, &CodeDialog::entered, owner, [&session, question, done](const QString& code) {
            session.guard().nextCode(code.toStdString());
            question(done);
        });
        QObject::connect(dialog, &QDialog::rejected, owner, [done, refusal = answer.error()] { done(Err(refusal)); });
        dialog->open();
    })));
}

} // namespace tallylock::ui
