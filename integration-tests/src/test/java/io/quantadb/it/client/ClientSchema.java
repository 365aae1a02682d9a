package io.quantadb.it.client;

/** A schema with one of each kind of object that client programs describe. */
final class ClientSchema {
    static final String SQL = """
        create schema shop;
        create type shop.state as enum ('new', 'paid', 'sent');
        create domain shop.positive as numeric(10, 2) check (value > 0);
        create sequence shop.numbers start 100 increment 10;
        create table shop.customers (
            id int generated always as identity primary key,
            email varchar(80) not null unique,
            name text collate "C" default 'nobody',
            joined timestamp with time zone default now(),
            vip boolean not null default false,
            constraint email_form check (position('@' in email) > 1));
        create table shop.orders (
            id bigserial primary key,
            customer_id int not null references shop.customers on delete cascade on update restrict,
            status shop.state default 'new',
            amount shop.positive,
            tags text[],
            extra jsonb,
            total numeric(12, 2) generated always as (amount * 2) stored,
            placed date);
        create table shop.lines (order_id bigint references shop.orders, line int, product char(8), quantity smallint, primary key (order_id, line));
        create index orders_by_customer on shop.orders (customer_id, placed desc nulls last);
        create index orders_open on shop.orders (abs(customer_id)) include (amount) where placed is null;
        create unique index customers_name on shop.customers (name);
        create view shop.vips as select id, email from shop.customers where vip;
        comment on table shop.customers is 'who buys';
        comment on column shop.customers.email is 'unique address';
        create function shop.twice(x int) returns int language sql immutable as 'select x * 2';
        create role shop_reader nologin;
        grant usage on schema shop to shop_reader;
        grant select on shop.customers to shop_reader;
        """;

    private ClientSchema() {
    }
}
