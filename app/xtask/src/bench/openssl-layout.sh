#!/bin/sh
# kubeadm's layout for one control plane with openssl alone, into the present folder, as people write
# it: one process for each key with its certificate. Three CAs; seven certificates and five
# kubeconfigs; and the key for service accounts, which is RSA-2048 whatever the others are.
#
#   openssl-layout.sh rsa:2048
#   openssl-layout.sh ec -pkeyopt ec_paramgen_curve:P-256
set -e

cat > peer.cnf <<'END'
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, digitalSignature, keyEncipherment, keyCertSign
[leaf]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = clientAuth
END

make() {
    name=$1 section=$2
    shift 2
    openssl req -x509 -nodes -days 365 -sha256 -config peer.cnf -extensions "$section" \
        -subj "/CN=$name" -keyout "$name.key" -out "$name.crt" "$@"
}

for ca in 0 1 2; do
    make "ca$ca" authority -newkey "$@"
done
for leaf in 0 1 2 3 4 5 6 7 8 9 10 11; do
    ca=ca$((leaf % 3))
    make "leaf$leaf" leaf -newkey "$@" -CA "$ca.crt" -CAkey "$ca.key"
done
openssl genrsa -out sa.key 2048
