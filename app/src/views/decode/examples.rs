//! Examples to click. They were made by this product in a demo run, except the request, the bundle,
//! the Secret and the revocation list, which are from openssl, the token from Node, and the CSR
//! object, which is from a cluster. Their keys are gone, but for the ones in
//! `kubelet-client-current.pem` and in `secret.yaml`, which never were anybody's.

use leptos::prelude::*;
use pki_text::en::decode_view as words;

use super::Paste;

const EXAMPLES: [(&str, &str); 14] = [
    (words::EXAMPLE_STATUS, include_str!("examples/status-certificate.txt")),
    (words::EXAMPLE_SERVER, include_str!("examples/apiserver.pem")),
    (words::EXAMPLE_CA, include_str!("examples/ca.pem")),
    (words::EXAMPLE_REQUEST, include_str!("examples/request.pem")),
    (words::EXAMPLE_OBJECT, include_str!("examples/csr-object.yaml")),
    (words::EXAMPLE_KUBECONFIG, include_str!("examples/kubelet.conf")),
    (words::EXAMPLE_ROTATED, include_str!("examples/kubelet-client-current.pem")),
    (words::EXAMPLE_TOKEN, include_str!("examples/token.txt")),
    (words::EXAMPLE_WEBHOOK, include_str!("examples/webhook.yaml")),
    (
        words::EXAMPLE_CHAIN,
        concat!(include_str!("examples/apiserver.pem"), include_str!("examples/ca.pem")),
    ),
    (words::EXAMPLE_SECRET, include_str!("examples/secret.yaml")),
    (words::EXAMPLE_BUNDLE, include_str!("examples/bundle.p7b")),
    (
        words::EXAMPLE_CRL,
        concat!(include_str!("examples/secret.yaml"), include_str!("examples/revoked.crl")),
    ),
    (words::EXAMPLE_CUT, include_str!("examples/cut.pem")),
];

pub(super) fn examples_view(paste: Paste) -> AnyView {
    let buttons: Vec<_> = EXAMPLES
        .into_iter()
        .map(|(name, text)| {
            view! {
                <button type="button" class="example" on:click=move |_| paste.take_text(text.into())>
                    {name}
                </button>
            }
        })
        .collect();
    view! {
        <div class="examples" role="group" aria-labelledby="examples-label">
            <span id="examples-label" class="hint">{words::EXAMPLES}</span>
            {buttons}
        </div>
    }
    .into_any()
}
