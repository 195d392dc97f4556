//! The messages of the PBF format of OpenStreetMap, as far as roads need them; what is not named is skipped.
//! Field numbers are those of `fileformat.proto` and `osmformat.proto` of the OSM-binary project.

use prost::Message;

#[derive(Clone, PartialEq, Message)]
pub struct BlobHeader {
    #[prost(string, tag = "1")]
    pub kind: String,
    #[prost(int32, tag = "3")]
    pub size: i32,
}

#[derive(Clone, PartialEq, Message)]
pub struct Blob {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub raw: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub zlib: Option<Vec<u8>>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Header {
    #[prost(string, repeated, tag = "4")]
    pub required: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Block {
    #[prost(message, optional, tag = "1")]
    pub strings: Option<Strings>,
    #[prost(message, repeated, tag = "2")]
    pub groups: Vec<Group>,
    #[prost(int32, optional, tag = "17")]
    pub granularity: Option<i32>,
    #[prost(int64, tag = "19")]
    pub lat_offset: i64,
    #[prost(int64, tag = "20")]
    pub lon_offset: i64,
}

#[derive(Clone, PartialEq, Message)]
pub struct Strings {
    #[prost(bytes = "vec", repeated, tag = "1")]
    pub all: Vec<Vec<u8>>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Group {
    #[prost(message, repeated, tag = "1")]
    pub nodes: Vec<Node>,
    #[prost(message, optional, tag = "2")]
    pub dense: Option<Dense>,
    #[prost(message, repeated, tag = "3")]
    pub ways: Vec<Way>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Node {
    #[prost(sint64, tag = "1")]
    pub id: i64,
    #[prost(uint32, repeated, tag = "2")]
    pub keys: Vec<u32>,
    #[prost(uint32, repeated, tag = "3")]
    pub values: Vec<u32>,
    #[prost(sint64, tag = "8")]
    pub lat: i64,
    #[prost(sint64, tag = "9")]
    pub lon: i64,
}

#[derive(Clone, PartialEq, Message)]
pub struct Dense {
    #[prost(sint64, repeated, tag = "1")]
    pub ids: Vec<i64>,
    #[prost(sint64, repeated, tag = "8")]
    pub lat: Vec<i64>,
    #[prost(sint64, repeated, tag = "9")]
    pub lon: Vec<i64>,
    /// Keys and values in turn, a zero after those of each node.
    #[prost(int32, repeated, tag = "10")]
    pub tags: Vec<i32>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Way {
    #[prost(int64, tag = "1")]
    pub id: i64,
    #[prost(uint32, repeated, tag = "2")]
    pub keys: Vec<u32>,
    #[prost(uint32, repeated, tag = "3")]
    pub values: Vec<u32>,
    #[prost(sint64, repeated, tag = "8")]
    pub nodes: Vec<i64>,
}
