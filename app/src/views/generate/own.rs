//! CAs, and who signs what: rows over what the layout has and what the design changes.

use crate::components::{live, live_rows};
use leptos::prelude::*;
use pki_core::design::{Design, DesignAuthority};
use pki_text::en::layout;
use pki_text::en::ui::own as words;
use pki_text::en::why;

use super::by_hand::by_hand;
use super::trust::trust;
use crate::components::field::{Found, field_id};
use crate::components::list::ListField;
use crate::platform;
use crate::state::Editor;

/// Choices: what the design has for each, and its text.
pub(super) type Options = Vec<(String, String)>;

#[component]
pub(super) fn Own() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let names = Memo::new(move |_| editor.design.with(Design::authority_names));
    let added = RwSignal::new(None::<String>);
    // Those of single CAs stand beside them.
    let whole = Memo::new(move |_| {
        editor.checked.with(|checked| {
            let here = checked.findings.iter().filter(|found| found.place == "authorities");
            here.cloned().collect::<Vec<_>>()
        })
    });
    let add = move |_| {
        let mut name = String::new();
        editor.choose(|design| name = design.add_authority());
        let last = names.with_untracked(|names| names.len().saturating_sub(1));
        added.set(Some(name));
        platform::focus(&row_id(last, "name"));
    };
    view! {
        <fieldset class="demo" id=field_id("authorities") tabindex="-1">
            <legend>{words::TITLE}</legend>
            <p class="hint">{words::HINT}</p>
            <Found id=field_id("authorities") found=whole />
            <div class="own-rows">
                {live_rows(move || names.with(Vec::len), move |row| {
                    authority_row(row, names, added).into_any()
                })}
            </div>
            <div class="actions"><button type="button" on:click=add>{words::ADD}</button></div>
            {signed_view(names)}
            {by_hand(names)}
        </fieldset>
    }
}

fn row_id(row: usize, field: &str) -> String {
    format!("own-ca-{row}-{field}")
}

/// A CA: its name, and behind it what can be changed.
fn authority_row(row: usize, names: Memo<Vec<String>>, added: RwSignal<Option<String>>) -> AnyView {
    let editor = expect_context::<Editor>();
    let name = Memo::new(move |_| names.with(|names| names.get(row).cloned().unwrap_or_default()));
    let own = Memo::new(move |_| {
        let name = name.get();
        editor.design.with(|design| design.authority(&name).cloned().unwrap_or_default())
    });
    let of_layout = Memo::new(move |_| {
        let name = name.get();
        editor.design.with(|design| design.layout_common_name(&name))
    });
    let common_name = Memo::new(move |_| own.with(|own| own.common_name.clone()));
    let below = Memo::new(move |_| own.with(|own| own.below.clone()));
    let into = Memo::new(move |_| own.with(|own| own.into.clone()));
    let shown = move || match common_name.get() {
        text if text.is_empty() => of_layout.get().map_or_else(|| name.get(), str::to_owned),
        text => text,
    };
    let found = Memo::new(move |_| {
        let name = name.get();
        editor.checked.with(|checked| {
            let place = checked.design.authorities.iter().position(|own| own.name == name);
            let place = place.map(|index| format!("authorities[{index}]")).unwrap_or("-".into());
            // Those of lists stand beside the lists.
            let here = checked.findings.iter().filter(|found| {
                let rest = found.place.strip_prefix(&place);
                rest.is_some_and(|rest| !rest.contains("itted") && !rest.contains("cluded"))
            });
            here.cloned().collect::<Vec<_>>()
        })
    });
    let choose = move |change: &dyn Fn(&mut DesignAuthority)| {
        let name = name.get_untracked();
        editor.choose(|design| design.change_authority(&name, change));
    };
    let above = others(names, name, words::ITSELF);
    let place = others(names, name, words::KEPT);
    let purpose = move || {
        let name = name.get();
        let letter = editor.checked.with(|checked| {
            let plan = checked.latest.as_ref()?;
            plan.layout.authority(&name).map(|(_, row)| row.letter)
        });
        letter.map(|letter| words::purpose(layout::purpose(letter)))
    };
    let is_open = move || added.with_untracked(|added| *added == Some(name.get_untracked()));
    let fields = move || {
        let named = of_layout.with(Option::is_none).then(|| name_field(row, name));
        let taken = of_layout.with(Option::is_some).then(|| {
            select(row_id(row, "into"), words::PLACE, place, into, move |text| {
                choose(&|own| own.into.clone_from(&text));
            })
        });
        view! { {named} {taken} }
    };
    let id = row_id(row, "cn");
    view! {
        <details class="own-row" open=is_open>
            <summary>
                <strong>{name}</strong>" "
                <span class="hint">
                    {live(move || words::about(&shown(), &below.get(), &into.get()))}
                </span>
            </summary>
            <p class="hint">{live(purpose)}</p>
            <div class="pair">
                {live(fields)}
                <div class="field">
                    <label for=id.clone()>{words::COMMON_NAME}</label>
                    <input type="text" id=id autocomplete="off" spellcheck="false"
                        placeholder=move || of_layout.get().map_or_else(|| name.get(), str::to_owned)
                        prop:value=common_name
                        on:input=move |event| {
                            let text = platform::event_value(&event);
                            let name = name.get_untracked();
                            editor.edit(|design| {
                                let put = |own: &mut DesignAuthority| {
                                    own.common_name.clone_from(&text);
                                };
                                design.change_authority(&name, &put);
                            });
                        } />
                </div>
                {select(row_id(row, "below"), words::ABOVE, above, below, move |text| {
                    choose(&|own| own.below.clone_from(&text));
                })}
            </div>
            <div class="pair">
                {limits(row, "permitted", words::PERMITTED, name, |own| &mut own.permitted)}
                {limits(row, "excluded", words::EXCLUDED, name, |own| &mut own.excluded)}
            </div>
            <p class="hint">{words::LIMITS_HINT}</p>
            {trust(name)}
            {live(move || of_layout.with(Option::is_none).then(|| removal(name, names)))}
        </details>
        <Found id=row_id(row, "all") found=found />
    }
    .into_any()
}

/// Which names a CA may sign, or may not.
fn limits(
    row: usize,
    field: &str,
    label: &'static str,
    name: Memo<String>,
    of: fn(&mut DesignAuthority) -> &mut Vec<String>,
) -> AnyView {
    let editor = expect_context::<Editor>();
    let list = Memo::new(move |_| {
        let name = name.get();
        let own = editor.design.with(|design| design.authority(&name).cloned());
        own.map(|mut own| std::mem::take(of(&mut own))).unwrap_or_default()
    });
    let change = move |list: Vec<String>| {
        let name = name.get_untracked();
        editor.edit(|design| {
            design.change_authority(&name, &|own| of(own).clone_from(&list));
        });
    };
    let field = field.to_owned();
    let id = row_id(row, &field);
    let place = Signal::derive(move || {
        let name = name.get();
        editor.checked.with(|checked| {
            let index = checked.design.authorities.iter().position(|own| own.name == name);
            format!("authorities[{}].{field}", index.map_or("-".to_owned(), |i| i.to_string()))
        })
    });
    view! { <ListField place=place id=id label=label list=list on_input=change /> }.into_any()
}

/// A name is taken when the field is left: half of one might be another CA's.
fn name_field(row: usize, name: Memo<String>) -> AnyView {
    let editor = expect_context::<Editor>();
    let id = row_id(row, "name");
    let rename = move |event| {
        let text = platform::event_value(&event).trim().to_owned();
        let from = name.get_untracked();
        editor.choose(|design| design.rename_authority(&from, &text));
    };
    view! {
        <div class="field">
            <label for=id.clone()>{words::NAME}</label>
            <input type="text" id=id autocomplete="off" autocapitalize="none" spellcheck="false"
                prop:value=name on:change=rename />
        </div>
    }
    .into_any()
}

/// The button that takes a CA away, and the question that comes first where it is needed.
fn removal(name: Memo<String>, names: Memo<Vec<String>>) -> AnyView {
    let editor = expect_context::<Editor>();
    let asking = RwSignal::new(false);
    let heir = RwSignal::new(String::new());
    let users = Memo::new(move |_| {
        let name = name.get();
        editor.design.with(|design| design.users_of_authority(&name))
    });
    let remove = move || {
        let (name, heir) = (name.get_untracked(), heir.get_untracked());
        let heir = Some(heir.as_str()).filter(|heir| !heir.is_empty());
        editor.choose(|design| design.remove_authority(&name, heir));
    };
    let heirs = others(names, name, words::BACK);
    let press = move |_| {
        if users.with_untracked(Vec::is_empty) { remove() } else { asking.set(true) }
    };
    let question = move || {
        let value = Memo::new(move |_| heir.get());
        view! {
            <div class="own-question" role="group">
                <p>{users.with(|users| words::in_use(&name.get(), users))}</p>
                {select(format!("{}-heir", name.get()), words::HEIR, heirs, value, move |text| {
                    heir.set(text);
                })}
                <div class="actions">
                    <button type="button" on:click=move |_| remove()>{words::REMOVE}</button>
                    <button type="button" class="quiet" on:click=move |_| asking.set(false)>
                        {words::KEEP}
                    </button>
                </div>
            </div>
        }
        .into_any()
    };
    let button = move || {
        view! {
            <button type="button" class="quiet"
                aria-label=move || words::of(&name.get(), words::REMOVE) on:click=press>
                {words::REMOVE}
            </button>
        }
        .into_any()
    };
    live(move || if asking.get() { question() } else { button() })
}

/// Every certificate and kubeconfig of the layout, each with a choice of the CA.
fn signed_view(names: Memo<Vec<String>>) -> AnyView {
    let editor = expect_context::<Editor>();
    let rows = Memo::new(move |_| editor.design.with(Design::signed_rows));
    let options = all(names);
    let count = Memo::new(move |_| rows.with(Vec::len));
    let one = move |index: usize| {
        let row = Memo::new(move |_| rows.with(|rows| rows.get(index).map_or("", |row| row.0)));
        let signer = Memo::new(move |_| {
            rows.with(|rows| rows.get(index).map(|row| row.1.clone()).unwrap_or_default())
        });
        let id = format!("signer-{index}");
        let reason = move || {
            let why =
                editor.checked.with(|checked| why::of_row(checked.latest.as_ref()?, row.get()));
            why.map(|why| format!("{} ({})", why.reason, why.source))
        };
        view! {
            <label for=id.clone()><code>{row}</code></label>
            {bare_select(id, options, signer, move |to| {
                editor.choose(|design| design.give(row.get_untracked(), Some(&to)));
            })}
            <p class="hint">{live(reason)}</p>
        }
    };
    view! {
        <details hidden=move || count.get() == 0>
            <summary>{words::SIGNED}</summary>
            <div class="signers">
                {live_rows(move || count.get(), move |index| one(index).into_any())}
            </div>
        </details>
    }
    .into_any()
}

/// The CAs as choices.
pub(super) fn all(names: Memo<Vec<String>>) -> Memo<Options> {
    Memo::new(move |_| names.get().into_iter().map(|name| (name.clone(), name)).collect())
}

/// Those but one, behind a choice of none of them.
fn others(names: Memo<Vec<String>>, but: Memo<String>, none: &'static str) -> Memo<Options> {
    Memo::new(move |_| {
        let but = but.get();
        let mut options = vec![(String::new(), none.to_owned())];
        let others = names.get().into_iter().filter(|name| *name != but);
        options.extend(others.map(|name| (name.clone(), name)));
        options
    })
}

/// A labelled choice whose options change.
pub(super) fn select(
    id: String,
    label: &'static str,
    options: Memo<Options>,
    value: Memo<String>,
    choose: impl Fn(String) + 'static,
) -> AnyView {
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            {bare_select(id, options, value, choose)}
        </div>
    }
    .into_any()
}

fn bare_select(
    id: String,
    options: Memo<Options>,
    value: Memo<String>,
    choose: impl Fn(String) + 'static,
) -> AnyView {
    let options = move || {
        let value = value.get();
        let mut options = options.get();
        // What is none of the choices must be seen, to be mended.
        if !options.iter().any(|(known, _)| *known == value) {
            options.push((value.clone(), value.clone()));
        }
        let options = options.into_iter().map(|(choice, text)| {
            let selected = choice == value;
            view! { <option value=choice selected=selected>{text}</option> }
        });
        options.collect_view()
    };
    view! {
        <select id=id on:change=move |event| choose(platform::event_value(&event))>{live(options)}</select>
    }
    .into_any()
}
