//! Values that go into a statement and cells that come out of a row, alike on both engines.

use rules::base::Date;
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{IsNull, Type, private::BytesMut};

use crate::{Error, Id, Result};

/// One value, borrowed.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// What may be bound to `$1`, `$2`, ….
pub trait Bind: Sync {
    fn cell(&self) -> Cell<'_>;
}

macro_rules! bind {
    ($($ty:ty: $it:ident => $cell:expr),* $(,)?) => {$(
        impl Bind for $ty {
            fn cell(&self) -> Cell<'_> {
                let $it = self;
                $cell
            }
        }
    )*};
}
bind! {
    bool: it => Cell::Bool(*it),
    i64: it => Cell::Int(*it),
    i32: it => Cell::Int(i64::from(*it)),
    u32: it => Cell::Int(i64::from(*it)),
    f64: it => Cell::Real(*it),
    str: it => Cell::Text(it),
    &str: it => Cell::Text(it),
    String: it => Cell::Text(it),
    Vec<u8>: it => Cell::Bytes(it),
    Id: it => Cell::Int(it.0),
}

impl<T: Bind> Bind for Option<T> {
    fn cell(&self) -> Cell<'_> {
        self.as_ref().map_or(Cell::Null, Bind::cell)
    }
}

impl Bind for Box<dyn Bind + Send> {
    fn cell(&self) -> Cell<'_> {
        (**self).cell()
    }
}

impl rusqlite::ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Cell::Null => ValueRef::Null,
            Cell::Bool(it) => ValueRef::Integer(i64::from(it)),
            Cell::Int(it) => ValueRef::Integer(it),
            Cell::Real(it) => ValueRef::Real(it),
            Cell::Text(it) => ValueRef::Text(it.as_bytes()),
            Cell::Bytes(it) => ValueRef::Blob(it),
        }))
    }
}

type AnyError = Box<dyn std::error::Error + Sync + Send>;

impl tokio_postgres::types::ToSql for Cell<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, AnyError> {
        match *self {
            Cell::Null => Ok(IsNull::Yes),
            Cell::Bool(it) => it.to_sql(ty, out),
            Cell::Int(it) if *ty == Type::INT4 => i32::try_from(it)?.to_sql(ty, out),
            Cell::Int(it) if *ty == Type::INT2 => i16::try_from(it)?.to_sql(ty, out),
            Cell::Int(it) if *ty == Type::FLOAT8 => (it as f64).to_sql(ty, out),
            Cell::Int(it) if *ty == Type::INT8 => it.to_sql(ty, out),
            Cell::Int(_) => Err(format!("a whole number does not fit a parameter of type {ty}").into()),
            Cell::Real(it) => it.to_sql(ty, out),
            Cell::Text(it) => it.to_sql(ty, out),
            Cell::Bytes(it) => it.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

/// A row of a result; cells are read by position.
pub enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// The cell at `at`, counted from 0.
    ///
    /// # Errors
    /// `Internal` where the column has another type: a mistake in our code, not of a user.
    pub fn get<T: FromCell>(&self, at: usize) -> Result<T> {
        self.with(at, |cell| T::from_cell(cell).ok_or_else(|| Error::internal(format!("column {at}: {cell:?}"))))
    }

    pub fn len(&self) -> usize {
        match self {
            Row::Sqlite(it) => it.as_ref().column_count(),
            Row::Postgres(it) => it.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn with<T>(&self, at: usize, use_it: impl FnOnce(Cell<'_>) -> Result<T>) -> Result<T> {
        match self {
            Row::Sqlite(row) => use_it(match row.get_ref(at)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(it) => Cell::Int(it),
                ValueRef::Real(it) => Cell::Real(it),
                ValueRef::Text(it) => Cell::Text(std::str::from_utf8(it).map_err(Error::internal)?),
                ValueRef::Blob(it) => Cell::Bytes(it),
            }),
            Row::Postgres(row) => {
                let column = row.columns().get(at).ok_or_else(|| Error::internal(format!("no column {at}")))?;
                use_it(match *column.type_() {
                    Type::BOOL => row.try_get::<_, Option<bool>>(at)?.map_or(Cell::Null, Cell::Bool),
                    Type::INT8 => row.try_get::<_, Option<i64>>(at)?.map_or(Cell::Null, Cell::Int),
                    Type::INT4 => row.try_get::<_, Option<i32>>(at)?.map_or(Cell::Null, |it| Cell::Int(it.into())),
                    Type::INT2 => row.try_get::<_, Option<i16>>(at)?.map_or(Cell::Null, |it| Cell::Int(it.into())),
                    Type::FLOAT8 => row.try_get::<_, Option<f64>>(at)?.map_or(Cell::Null, Cell::Real),
                    Type::BYTEA => row.try_get::<_, Option<&[u8]>>(at)?.map_or(Cell::Null, Cell::Bytes),
                    Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => {
                        row.try_get::<_, Option<&str>>(at)?.map_or(Cell::Null, Cell::Text)
                    }
                    ref other => return Err(Error::internal(format!("column {at} has type {other}: cast it"))),
                })
            }
        }
    }
}

/// What a cell may be read as.
pub trait FromCell: Sized {
    fn from_cell(cell: Cell<'_>) -> Option<Self>;
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}

macro_rules! from_cell {
    ($($ty:ty: $($pattern:pat => $value:expr),+;)*) => {$(
        impl FromCell for $ty {
            fn from_cell(cell: Cell<'_>) -> Option<Self> {
                match cell {
                    $($pattern => $value,)+
                    _ => None,
                }
            }
        }
    )*};
}
from_cell! {
    bool: Cell::Bool(it) => Some(it), Cell::Int(it) => Some(it != 0);
    i64: Cell::Int(it) => Some(it);
    f64: Cell::Real(it) => Some(it), Cell::Int(it) => Some(it as f64);
    String: Cell::Text(it) => Some(it.to_string());
    Vec<u8>: Cell::Bytes(it) => Some(it.to_vec());
    Id: Cell::Int(it) => Some(Id(it));
    Date: Cell::Text(it) => it.parse().ok();
}
