package chat.milena.runtime.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;

/// Keys of each type, and tokens signed with them.
final class TestKeys {
    private TestKeys() {}

    static RSAKey rsa(String kid) throws JOSEException {
        return new RSAKeyGenerator(2_048).keyID(kid).generate();
    }

    static ECKey ec(String kid) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
    }

    /// An Ed25519 key of the JDK's making, with its public half in JWK form.
    record Ed25519(KeyPair pair, OctetKeyPair jwk) {
        static Ed25519 of(String kid) throws GeneralSecurityException {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] encoded = pair.getPublic().getEncoded();
            byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            return new Ed25519(
                    pair,
                    new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x))
                            .keyID(kid)
                            .build());
        }

        String sign(JWSHeader header, JWTClaimsSet claims) throws GeneralSecurityException {
            Base64URL payload = Base64URL.encode(claims.toString());
            String input = header.toBase64URL() + "." + payload;
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + Base64URL.encode(signature.sign());
        }
    }

    static JWSHeader head(JWSAlgorithm algorithm, String kid) {
        return new JWSHeader.Builder(algorithm).keyID(kid).build();
    }

    static String sign(JWSHeader header, JWTClaimsSet claims, JWK key) throws JOSEException {
        JWSSigner signer = switch (key) {
            case RSAKey rsa -> new RSASSASigner(rsa);
            case ECKey ec -> new ECDSASigner(ec);
            default -> throw new IllegalArgumentException("no signer for " + key.getKeyType());
        };
        return sign(header, claims, signer);
    }

    static String sign(JWSHeader header, JWTClaimsSet claims, byte[] secret) throws JOSEException {
        return sign(header, claims, new MACSigner(secret));
    }

    private static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws JOSEException {
        SignedJWT jwt = new SignedJWT(header, claims);
        jwt.sign(signer);
        return jwt.serialize();
    }
}
