// Asks veraPDF about files: `java -cp JAR:JAXB VeraCheck.java 3a,ua1 FILE...`. One JSON object on a line for each file and profile.
// The profiles are read as resources of the library, since the directory it offers for them is empty in this packaging.
import java.io.File;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

public class VeraCheck {
  static final Map<String, String> PROFILES = Map.of("3a", "PDFA-3A", "ua1", "PDFUA-1");

  public static void main(String[] words) throws Exception {
    LogManager.getLogManager().reset();
    Logger.getLogger("").setLevel(Level.OFF);
    VeraGreenfieldFoundryProvider.initialise();
    for(String name : words[0].split(",")) {
      ValidationProfile profile = profile(PROFILES.get(name));
      for(String file : List.of(words).subList(1, words.length)) {
        System.out.println(asked(name, profile, file));
      }
    }
  }

  static ValidationProfile profile(String name) throws Exception {
    try(InputStream found = PDFAParser.class.getResourceAsStream("/org/verapdf/pdfa/validation/" + name + ".xml")) {
      return Profiles.profileFromXml(found);
    }
  }

  static String asked(String name, ValidationProfile profile, String file) {
    PDFAFlavour flavour = profile.getPDFAFlavour();
    try(PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour);
        PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, 100, false, false, false)) {
      return told(name, file, validator.validate(parser));
    } catch(Exception unreadable) {
      return String.format("{\"file\": %s, \"profile\": %s, \"passed\": false, \"checks\": 0, \"rules\": {\"unreadable\": %s}}",
          quoted(file), quoted(name), quoted(String.valueOf(unreadable.getMessage())));
    }
  }

  static String told(String name, String file, ValidationResult result) {
    Map<String, String> rules = new TreeMap<>();
    for(TestAssertion each : result.getTestAssertions()) {
      if(each.getStatus() == TestAssertion.Status.FAILED) {
        rules.putIfAbsent(each.getRuleId().getClause() + "-" + each.getRuleId().getTestNumber(), each.getMessage());
      }
    }
    StringBuilder said = new StringBuilder();
    rules.forEach((rule, message) -> said.append(said.length() > 0 ? ", " : "").append(quoted(rule)).append(": ").append(quoted(message)));
    return String.format("{\"file\": %s, \"profile\": %s, \"passed\": %b, \"checks\": %d, \"rules\": {%s}}",
        quoted(file), quoted(name), result.isCompliant(), result.getTotalAssertions(), said);
  }

  static String quoted(String text) {
    StringBuilder said = new StringBuilder("\"");
    for(char each : text.toCharArray()) {
      said.append(each == '"' || each == '\\' || each < ' ' ? String.format("\\u%04x", (int) each) : String.valueOf(each));
    }
    return said.append('"').toString();
  }
}
