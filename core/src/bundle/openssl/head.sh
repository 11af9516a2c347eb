#!/bin/sh
# Makes the PKI of the cluster @CLUSTER with openssl alone.
#
#   sh openssl.sh [FOLDER]      (FOLDER is ./openssl-pki unless you say otherwise)
#
# The files and their names, subjects, usages and alternative names are those of this archive; the
# keys are new. Needs OpenSSL 3 and a POSIX shell. What the archive has beside keys, certificates
# and kubeconfigs (flags/, manifests/, openid/, and what was asked for) is not made here.
#
# Two things are not as in the archive: openssl counts lifetimes in whole days from now on, without
# backdating; and it derives the key identifiers of CAs by SHA-1 (RFC 5280), where Go 1.25 and
# the archive use SHA-256 (RFC 7093). Verifiers only compare them.
set -eu
umask 077
out=${1:-openssl-pki}
made=$out/.made
mkdir -p "$made"

# A subject's text is PrintableString where that is possible and UTF8String elsewhere, as Go writes.
cat > "$made/config" <<'END'
[req]
distinguished_name = subject
string_mask = MASK:0x2002
[subject]
END

# key FILE ALGORITHM: a private key in the traditional forms that every component reads.
key() {
  case $2 in
    rsa-*) openssl genrsa -traditional -out "$1" "${2#rsa-}" 2>/dev/null ;;
    *) openssl ecparam -name "$2" -genkey -noout -out "$1" ;;
  esac
}

# certificate NAME SUBJECT DAYS SIGNER...: the request, and the signature over it. The extensions
# come on standard input. The serial number is random and positive, so that nobody has to count.
certificate() {
  name=$1 subject=$2 days=$3
  shift 3
  cat > "$made/extensions"
  openssl req -new -utf8 -config "$made/config" -key "$made/$name.key" -subj "$subject" \
    -out "$made/request"
  openssl x509 -req -in "$made/request" "$@" -days "$days" -@DIGEST \
    -set_serial "0x1$(openssl rand -hex 7)" -extfile "$made/extensions" \
    -out "$made/$name.crt" 2>/dev/null
}

# ca NAME SUBJECT DAYS DNS CONSTRAINTS NAMES [ABOVE]: a CA signs itself, or is signed by the one
# above it. CA:TRUE and keyCertSign are what make it one; Go and kubeadm refuse a CA without them.
# NAMES are those that it may sign. DNS is empty below another CA: verifiers would hold it to the
# NAMES of that one.
ca() {
  key "$made/$1.key" @ALGORITHM
  if [ $# -gt 6 ]; then
    extensions "$4" "$5" "$6" keyid |
      certificate "$1" "$2" "$3" -CA "$made/$7.crt" -CAkey "$made/$7.key"
  else
    extensions "$4" "$5" "$6" none | certificate "$1" "$2" "$3" -signkey "$made/$1.key"
  fi
}

# extensions DNS CONSTRAINTS NAMES AUTHORITY: those of a CA.
extensions() {
  cat <<END
keyUsage = critical, @USAGE, keyCertSign
basicConstraints = critical, $2
subjectKeyIdentifier = hash
authorityKeyIdentifier = $4
${1:+subjectAltName = DNS:$1}
${3:+nameConstraints = critical, $3}
END
}

# leaf NAME CA SUBJECT DAYS USAGES [NAMES]: a certificate that may sign no other. serverAuth lets
# it be a server, clientAuth lets it log in; O is the user's group and CN the user's name, and only
# NAMES say which servers it may stand for: nobody reads a server's CN.
leaf() {
  mkdir -p "$(dirname "$made/$1")"
  key "$made/$1.key" @ALGORITHM
  certificate "$1" "$3" "$4" -CA "$made/$2.crt" -CAkey "$made/$2.key" <<END
keyUsage = critical, @USAGE
extendedKeyUsage = $5
basicConstraints = critical, CA:FALSE
subjectKeyIdentifier = none
authorityKeyIdentifier = keyid
${6:+subjectAltName = $6}
END
}

# write FILE MODE: what comes on standard input, where it belongs.
write() {
  mkdir -p "$(dirname "$out/$1")"
  cat > "$out/$1"
  chmod "$2" "$out/$1"
}

# put FILE MODE SOURCE...: one or more of the files that were made, one after the other.
put() {
  file=$out/$1 mode=$2
  shift 2
  mkdir -p "$(dirname "$file")"
  (cd "$made" && cat -- "$@") > "$file"
  chmod "$mode" "$file"
}

# In one line, as kubeconfigs and Secrets hold it.
base64() {
  openssl base64 -A -in "$1"
}

# kubeconfig FILE CAS CLIENT CLUSTER USER CONTEXT SERVER [CAFILE]: who I am, and whom I trust to be
# the server. With CAFILE it holds no certificates, but names their files on the machine.
kubeconfig() {
  write "$1" 600 <<END
apiVersion: v1
clusters:
- cluster:
$(trust "$2" "${8-}")
    server: $7
  name: $4
contexts:
- context:
    cluster: $4
    user: $5
  name: $6
current-context: $6
kind: Config
users:
- name: $5
  user:
$(login "$3" "${8:+/${1#hosts/*/}}")
END
}

# trust CAS [FILE]: several when one is below the other and people are to trust them; the root last.
trust() {
  if [ "$2" ]; then
    echo "    certificate-authority: $2"
  else
    for ca in $1; do cat "$made/$ca.crt"; done > "$made/trusted"
    echo "    certificate-authority-data: $(base64 "$made/trusted")"
  fi
}

# login CLIENT [FILE]: a user is a certificate and its key, or a token.
login() {
  if [ -e "$made/$1.token" ]; then
    echo "    token: $(cat "$made/$1.token")"
  elif [ "$2" ]; then
    echo "    client-certificate: $2.crt"
    echo "    client-key: $2.key"
  else
    echo "    client-certificate-data: $(base64 "$made/$1.crt")"
    echo "    client-key-data: $(base64 "$made/$1.key")"
  fi
}

# secret FILE NAME CLUSTER PUBLIC PRIVATE: a Secret of Cluster API.
secret() {
  write "$1" 600 <<END
apiVersion: v1
data:
  tls.crt: $(base64 "$made/$4")
  tls.key: $(base64 "$made/$5")
kind: Secret
metadata:
  labels:
    cluster.x-k8s.io/cluster-name: $3
  name: $2
type: kubernetes.io/tls
END
}

# pair NAME ALGORITHM: the key pair that signs service-account tokens has no certificate.
pair() {
  key "$made/$1.key" "$2"
  openssl pkey -in "$made/$1.key" -pubout -out "$made/$1.pub"
}

# token NAME: by which machines without a certificate log in: six characters, a dot, sixteen.
token() {
  echo "$(openssl rand -hex 3).$(openssl rand -hex 8)" > "$made/$1.token"
}

# tokens FILE MODE NAME: kube-apiserver's list of such tokens.
tokens() {
  echo "$(cat "$made/$3.token"),system:bootstrapper,10001,\"system:bootstrappers\"" |
    write "$1" "$2"
}

# random NAME: 32 bytes, the key that encrypts Secrets.
random() {
  openssl rand -base64 32 > "$made/$1.token"
}

# encryption FILE MODE NAME: the configuration by which kube-apiserver encrypts with it.
encryption() {
  write "$1" "$2" <<END
@ENCRYPTION
END
}

# serial FILE MODE CA: the number from which "openssl x509 -CAserial" goes on.
serial() {
  openssl x509 -in "$made/$3.crt" -noout -serial | cut -d = -f 2 | write "$1" "$2"
}

# Where many machines or people have the same, a loop reads a list below it: the name of each, and
# what only it has. The list comes by descriptor 3, so that no command in the loop takes lines of it.
