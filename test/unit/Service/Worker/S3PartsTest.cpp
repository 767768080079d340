//===- S3PartsTest.cpp - What can be said of S3 without a server ----------===//

#include "S3/Exchange.h"
#include "S3/Place.h"
#include "S3/Xml.h"
#include <fstream>
#include <gtest/gtest.h>
#include <stdlib.h>

using namespace tez::worker::s3;

namespace {
/// The environment of a test, and what it was before.
class Places : public ::testing::Test {
protected:
  Places() {
    for (const char *name : {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_REGION",
                             "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"})
      ::unsetenv(name);
    ::setenv("AWS_ACCESS_KEY_ID", "id", 1);
    ::setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
  }
};
} // namespace

TEST_F(Places, AreReadFromUrlAndEnvironment) {
  Place amazon = placeOf("s3://my-bucket/some/prefix");
  EXPECT_EQ(amazon.base, "https://my-bucket.s3.us-east-1.amazonaws.com/");
  EXPECT_EQ(amazon.prefix, "some/prefix/");
  ::setenv("AWS_REGION", "eu-west-1", 1);
  EXPECT_EQ(placeOf("s3://my.bucket").base, "https://s3.eu-west-1.amazonaws.com/my.bucket/");
  ::setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000/", 1);
  Place own = placeOf("s3://my-bucket/");
  EXPECT_EQ(own.base, "http://127.0.0.1:9000/my-bucket/");
  EXPECT_EQ(own.prefix, "");
}

TEST_F(Places, AreRefusedWithWhatIsWrong) {
  for (const char *url :
       {"s3://", "s3://A", "s3://no/", "s3://bucket/with space", "s3://bucket//x"})
    EXPECT_THROW(placeOf(url), std::runtime_error) << url;
  ::setenv("AWS_ENDPOINT_URL", "localhost:9000", 1);
  EXPECT_THROW(placeOf("s3://bucket"), std::runtime_error);
  ::unsetenv("AWS_ENDPOINT_URL");
  ::unsetenv("AWS_SECRET_ACCESS_KEY");
  try {
    placeOf("s3://bucket");
    FAIL();
  } catch (const std::runtime_error &fault) {
    EXPECT_NE(std::string(fault.what()).find("AWS_SECRET_ACCESS_KEY"), std::string::npos);
  }
}

TEST(Xml, ElementsAreFound) {
  std::string_view text = "<?xml version=\"1.0\"?><L xmlns=\"u\"><KeyCount>2</KeyCount><Key/>"
                          "<Key>a&amp;b&lt;&#34;</Key><Key >c</Key></L>";
  ASSERT_EQ(elements(text, "Key").size(), 2u);
  EXPECT_EQ(textOf(text, "Key"), "a&b<\"");
  EXPECT_EQ(elements(text, "Key")[1], "c");
  EXPECT_EQ(textOf(text, "Absent"), "");
}

TEST(Xml, WhatIsCutOffEndsQuietly) {
  std::string text = "<L><Key>a</Key><Key>b</Key></L>";
  for (size_t size = 0; size < text.size(); ++size)
    EXPECT_LE(elements(std::string_view(text).substr(0, size), "Key").size(), 2u);
  EXPECT_EQ(textOf(escaped("<&\">"), "x"), "");
  EXPECT_EQ(escaped("<&\">"), "&lt;&amp;&quot;&gt;");
}

TEST(Bodies, PiecesOfAFileHaveTheirOwnSums) {
  std::string path = ::testing::TempDir() + "tez-piece";
  std::ofstream(path) << "0123456789";
  EXPECT_EQ(Body::of(path, 2, 3).checksum(), Body::of("234").checksum());
  EXPECT_ANY_THROW(Body::of(path, 8, 3).checksum());
  EXPECT_EQ(base64("00ff10"), "AP8Q");
}
